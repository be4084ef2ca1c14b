"""The documentation page: Swagger UI, served from our own files so that it works offline."""

from __future__ import annotations

from importlib import resources
from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.params import FromPath
from litestar.response import Redirect

from service import __version__

PATH = "/schema"
"""Path of the documentation page."""

_STATIC = resources.files("service.web") / "static"
_FILES = {
    "swagger-ui.css": ("swagger_ui/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("swagger_ui/swagger-ui-bundle.js", "text/javascript"),
    "docs.js": ("docs.js", "text/javascript"),
}


class DocsPage(OpenAPIRenderPlugin):
    """The page. Its content security policy makes the browser refuse files from elsewhere."""

    def __init__(self) -> None:
        super().__init__(path="/")
        self._page = (_STATIC / "docs.html").read_bytes()

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return the page; its script loads the schema."""
        return self._page


def openapi_config() -> OpenAPIConfig:
    """Describe the API and where the description is served."""
    return OpenAPIConfig(
        title="Jianbao",
        version=__version__,
        description="Grounded briefs of news articles, in English and in Chinese.",
        path=PATH,
        render_plugins=[DocsPage()],
        openapi_router=Router(
            PATH, route_handlers=[], after_request=_refuse, include_in_schema=False
        ),
    )


def _refuse(response: Response[Any]) -> Response[Any]:
    """Answer unknown paths like everywhere else; Litestar's router would return its own page."""
    if response.status_code == 404:
        raise NotFoundException
    return response


def docs_routes() -> list[HTTPRouteHandler]:
    """Return the routes of the page's static files."""

    @get("/static/{name:str}", include_in_schema=False, sync_to_thread=True)
    def static(name: FromPath[str]) -> Response[bytes]:
        if name not in _FILES:
            raise NotFoundException
        path, media_type = _FILES[name]
        return Response(
            (_STATIC / path).read_bytes(),
            media_type=media_type,
            headers={"Cache-Control": "public, max-age=86400"},
        )

    return [static]


def root_route() -> HTTPRouteHandler:
    """Return the route that redirects ``/`` to this page if no other page is served there."""

    @get("/", include_in_schema=False, sync_to_thread=False)
    def root() -> Redirect:
        return Redirect(PATH)

    return root
