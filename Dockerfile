FROM python:3.13-slim AS packages
RUN pip install --no-cache-dir uv==0.13.8 && python -m venv --without-pip /opt/venv
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# With what OTEL_EXPORTER_OTLP_ENDPOINT needs. The lock also lists what a machine without containers needs: as a constraint it lends its versions and hashes.
RUN uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode \
    --requirement pyproject.toml --group tracing --constraint requirements.lock

FROM node:22-slim AS console
WORKDIR /build
COPY app/web/package.json app/web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY app/web ./
RUN npm run build

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin bulkhead
WORKDIR /srv/bulkhead
COPY --from=packages /opt/venv /opt/venv
COPY pyproject.toml ./
COPY app app
COPY --from=console /build/dist app/web/dist
COPY migrations migrations
COPY worker worker
USER bulkhead
EXPOSE 3001
CMD ["python", "-m", "app"]
