# Builds the environment, then copies it into an image without build tools.
FROM python:3.11-slim AS build
WORKDIR /app
ENV UV_TORCH_BACKEND=cpu UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv && python -m venv /venv
COPY requirements.lock ./
RUN uv pip install --python /venv/bin/python --no-cache -r requirements.lock
COPY pyproject.toml README.md ./
COPY knowledge ./knowledge
COPY bot ./bot
RUN uv pip install --python /venv/bin/python --no-cache --no-deps .

FROM python:3.11-slim
COPY --from=build /venv /venv
RUN useradd --create-home --uid 10001 explainer \
    && install --directory --owner explainer --group explainer /data
USER explainer
WORKDIR /home/explainer
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 EXPLAINER_DATA_DIR=/data
VOLUME /data
ENTRYPOINT ["explainer"]
CMD ["run"]
