"""What people read: view models from published rows, and HTML, text and XLSX from view models."""
