# One image for every service of ours: the lock's versions without what tests need, compiled, run by a user without rights.
FROM python:3.12.12-slim-bookworm AS build
WORKDIR /opt/nightdesk
COPY pyproject.toml requirements-image.lock requirements-uv.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
 && VIRTUAL_ENV=.venv .venv/bin/uv pip install --no-cache --require-hashes --compile-bytecode -r requirements-image.lock
COPY plugins plugins
RUN VIRTUAL_ENV=.venv .venv/bin/uv pip install --no-cache --offline --no-deps -e . \
 && python -m compileall -q plugins

FROM python:3.12.12-slim-bookworm
RUN useradd --uid 10001 --gid 0 --no-create-home --home-dir /var/lib/nightdesk nightdesk \
 && install -d -o nightdesk -g 0 -m 0700 /var/lib/nightdesk /var/lib/nightdesk/mail /var/lib/airflow /var/log/airflow
WORKDIR /opt/nightdesk
COPY --from=build /opt/nightdesk ./
COPY dags dags
COPY expectations expectations
COPY reports reports
COPY sql sql
ARG NIGHTDESK_CODE_VERSION=
ENV NIGHTDESK_CODE_VERSION=$NIGHTDESK_CODE_VERSION
ENV PATH=/opt/nightdesk/.venv/bin:$PATH NIGHTDESK_HOME=/var/lib/nightdesk AIRFLOW_HOME=/var/lib/airflow
# whatever runs here writes for its own account only
ENTRYPOINT ["sh", "-c", "umask 077; exec \"$0\" \"$@\""]
USER 10001:0
CMD ["nightdesk", "--help"]
