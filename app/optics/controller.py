from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.accounts.models import Caller
from app.errors import BodyTooLarge
from app.http.openapi import protected
from app.optics.schemas import PartList, PutParts
from app.optics.service import Parts


class PartController(Controller):
    path = "/api/optics-parts"
    tags = ("optics",)
    parts: Parts

    @get(responses=protected())
    async def read_parts(self) -> PartList:
        """List the optics that can be asked for; the last one is `Other`."""
        return PartList(await self.parts.all())

    @put(responses=protected(BodyTooLarge))
    async def put_parts(self, caller: NamedDependency[Caller], data: JSONBody[PutParts]) -> PartList:
        """Replace the list of what can be asked for; `Other` stays the last one, whether it is named or not."""
        return PartList(await self.parts.replace(caller, data.parts))
