"""The people who log in, managed by each other."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.accounts import users
from backend.accounts.users import User
from backend.api.blueprint import Blueprint
from backend.api.errors import not_found
from backend.api.guard import a_person
from backend.api.parts import parts, wall_ms
from backend.api.schemas.account import NewUser, UserList, UserShown
from backend.db.types import iso

blueprint = Blueprint("users", __name__, url_prefix="/api/users", description="People who log in")


def _shown(user: User) -> dict[str, Any]:
    return {"id": user.id, "email": user.email, "name": user.name, "created_at": iso(user.created_at)}


@blueprint.route("")
class UsersView(MethodView):
    @blueprint.response(200, UserList)
    def get(self) -> dict[str, Any]:
        """Everybody who can log in."""
        with parts().db.read() as conn:
            return {"items": [_shown(user) for user in users.everyone(conn)], "next": None}

    @blueprint.arguments(NewUser)
    @blueprint.response(201, UserShown)
    def post(self, given: dict[str, str]) -> dict[str, Any]:
        """Let somebody else log in."""
        a_person()
        db = parts().db
        made = users.create(db, given["email"], given["password"], given["name"], now_ms=wall_ms())
        with db.read() as conn:
            user = users.find(conn, made)
        assert user is not None
        return _shown(user)


@blueprint.route("/<int:user_id>")
class UserView(MethodView):
    @blueprint.response(204)
    def delete(self, user_id: int) -> None:
        """End somebody's access at once; the last one stays."""
        a_person()
        with parts().db.write() as conn:
            if not users.remove(conn, user_id):
                raise not_found("user")
        parts().recheck()
