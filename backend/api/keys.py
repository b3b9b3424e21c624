"""Keys for programs."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.accounts import keys
from backend.api.blueprint import Blueprint
from backend.api.errors import not_found
from backend.api.guard import a_person
from backend.api.parts import parts, wall_ms
from backend.api.schemas.account import KeyList, KeyMade, NewKey

blueprint = Blueprint("keys", __name__, url_prefix="/api/keys", description="Keys for programs")


@blueprint.route("")
class KeysView(MethodView):
    @blueprint.response(200, KeyList)
    def get(self) -> dict[str, Any]:
        """Every key, by its hint."""
        with parts().db.read() as conn:
            return {"items": keys.all_rows(conn), "next": None}

    @blueprint.arguments(NewKey)
    @blueprint.response(201, KeyMade)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """A new key; this answer is the only place that shows it."""
        a_person()
        with parts().db.write() as conn:
            key_id, key = keys.create(conn, given["kind"], given["name"], now_ms=wall_ms())
            shown = keys.find_row(conn, key_id)
        assert shown is not None
        return {**shown, "key": key}


@blueprint.route("/<int:key_id>")
class KeyView(MethodView):
    @blueprint.response(204)
    def delete(self, key_id: int) -> None:
        """Revoke a key; it stops working with the next request."""
        a_person()
        with parts().db.write() as conn:
            if not keys.revoke(conn, key_id, now_ms=wall_ms()):
                raise not_found("key")
