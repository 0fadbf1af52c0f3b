"""The night beside plain pandas, on one generated bank: results held equal, then wall, CPU, memory and rows a second.

Everything measured runs in a process of its own (`child`), so that its CPU and peak memory are its own.
"""
