from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin


def openapi_config() -> OpenAPIConfig:
    """Serve the document as plain JSON: the pages that litestar could add load scripts from elsewhere."""
    return OpenAPIConfig(
        title="Bulkhead",
        version="0.1.0",
        description="Bulk jobs on support tickets, with progress that people watch live.",
        path="/api",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
    )
