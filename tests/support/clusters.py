"""A cluster's answers to Helm before it renders a chart, where that has been installed or has not."""

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tests.support.charts import Manifest

POSTGRES: Final = "/apis/postgresql.cnpg.io/v1/namespaces/desk/clusters/bulkhead-postgres"

_CLUSTER: Final = {
    "apiVersion": "postgresql.cnpg.io/v1",
    "kind": "Cluster",
    "metadata": {  # as of a release that was uninstalled, too
        "name": "bulkhead-postgres",
        "labels": {"app.kubernetes.io/managed-by": "Helm"},
        "annotations": {"meta.helm.sh/release-name": "bulkhead", "meta.helm.sh/release-namespace": "desk"},
    },
}
_NOT_FOUND: Final = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}


@contextlib.contextmanager
def running(known: Sequence[Manifest], *objects: str) -> Iterator[tuple[str, ...]]:
    """Give the words that have Helm ask a cluster; it knows these kinds, and has the objects of these paths."""
    answers = _answers({(each["apiVersion"], each["kind"]) for each in known}) | dict.fromkeys(objects, _CLUSTER)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path.partition("?")[0])
            body = json.dumps(found or _NOT_FOUND).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield "--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", address
        finally:
            server.shutdown()


def _answers(kinds: set[tuple[str, str]]) -> dict[str, Any]:
    """Return what discovery finds."""
    versions = {version for version, _ in kinds}
    return {
        "/version": {"major": "1", "minor": "33", "gitVersion": "v1.33.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "groups": [_group(each) for each in sorted(versions) if "/" in each]},
    } | {f"/{'apis' if '/' in each else 'api'}/{each}": _resources(each, kinds) for each in versions}


def _group(version: str) -> dict[str, Any]:
    found = {"groupVersion": version, "version": version.partition("/")[2]}
    return {"name": version.partition("/")[0], "versions": [found], "preferredVersion": found}


def _resources(version: str, kinds: set[tuple[str, str]]) -> dict[str, Any]:
    names = [kind for its_version, kind in sorted(kinds) if its_version == version]
    found = [{"name": f"{kind.lower()}s", "namespaced": True, "kind": kind, "verbs": ["get"]} for kind in names]
    return {"kind": "APIResourceList", "groupVersion": version, "resources": found}
