"""Who comes in, who may do what where, and what is written down of it (RULES 20, 21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from kondusif.errors import Conflict, NotAllowed
from kondusif.logbook import verify_lines
from kondusif.places import within
from kondusif_web.accounts import actions, backend
from kondusif_web.accounts.models import AccessEntry, Guess, User
from kondusif_web.accounts.roles import NAMES, PERMISSIONS, Role, areas, in_areas, may, may_at, require
from kondusif_web.election.models import Desa, Tps
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import lines
from kondusif_web.logbook.verify import verify
from tests import cast

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=cast.PASSWORD, **more):
    return client.post("/masuk/", {"username": username, "password": password}, **more)


# ---------------------------------------------------------------- roles


def test_permissions_are_sorted_and_every_role_has_a_name():
    assert list(PERMISSIONS) == sorted(PERMISSIONS)
    assert set(NAMES) == set(Role)
    assert all(PERMISSIONS.values())


@pytest.mark.parametrize(
    ("role", "never"),
    [
        ("admin", set(PERMISSIONS) - {"manage_accounts"}),
        ("auditor", {"see_class", "see_answers", "see_plan", "see_gates", "report", "manage_accounts"}),
        (
            "panitia",
            {"see_class", "see_answers", "see_plan", "see_reserve", "see_gates", "request_withdrawal"},
        ),
        ("camat", {"see_plan", "see_reserve", "see_answers", "export_plotting", "move_posture"}),
        ("danramil", {"see_plan", "see_reserve", "see_answers", "export_plotting", "move_posture"}),
        ("petugas", {"see_class", "see_plan", "see_reserve", "see_answers", "request_withdrawal"}),
        ("humas", {"see_class", "see_plan", "see_reserve", "see_gates", "see_answers"}),
        ("planner", {"approve_plan", "approve_withdrawal_1", "approve_withdrawal_23", "approve_waiver"}),
        ("kapolsek", {"approve_withdrawal_23", "approve_waiver", "approve_plan"}),
    ],
)
def test_a_role_never_has_these_permissions(role, never):
    assert not {permission for permission in never if Role(role) in PERMISSIONS[permission]}


def test_nobody_but_the_administrator_makes_accounts_and_the_administrator_does_nothing_else():
    assert [d for d, roles in PERMISSIONS.items() if Role.ADMIN in roles] == ["manage_accounts"]
    assert PERMISSIONS["manage_accounts"] == {Role.ADMIN}


def test_an_unknown_permission_is_a_mistake_in_code(people):
    with pytest.raises(KeyError):
        may(people.kapolres, "fly")


def test_require_looks_at_role_and_at_place(people):
    require(people.kapolsek, "see_class", cast.KARANGJATI)
    require(people.kapolsek, "see_class", f"{cast.KARANGJATI}-02")
    with pytest.raises(NotAllowed) as area:
        require(people.kapolsek, "see_class", cast.OUTSIDE)
    with pytest.raises(NotAllowed) as role:
        require(people.panitia_karangjati, "see_class", cast.KARANGJATI)
    assert (area.value.reason, role.value.reason) == ("area", "role")


def test_a_closed_account_may_nothing_and_an_ended_membership_neither(people):
    people.kapolres.user.is_active = False
    people.kapolsek.active = False
    for ended in (people.kapolres, people.kapolsek):
        assert not may(ended, "see_class")
        assert areas(ended) == ()


def test_a_role_in_an_operation_gives_nothing_in_the_office_nor_the_other_way_round(people):
    assert may(people.perencana.user, "begin_operation") and not may(people.perencana, "begin_operation")
    assert may(people.perencana, "make_plan") and not may(people.perencana.user, "make_plan")
    assert may(people.auditor.user, "see_access") and not may(people.auditor, "see_access")
    assert all(
        may(people.admin, permission) == (permission == "manage_accounts") for permission in PERMISSIONS
    )


@pytest.mark.parametrize("username", [p.username for p in cast.PEOPLE])
def test_the_filter_and_the_rule_see_the_same_places(op, people, username):
    user = getattr(people, username.replace(".", "_"))
    for model in (Desa, Tps):
        filtered = set(in_areas(model.objects.all(), user).values_list("kode", flat=True))
        ruled = {k for k in model.objects.values_list("kode", flat=True) if within(k, user.prefixes)}
        assert filtered == ruled
        assert all(may_at(user, "see_stages", k) == may(user, "see_stages") for k in ruled)


# ---------------------------------------------------------------- signing in


def test_the_right_password_opens_the_door_and_is_written_down(people, client):
    response = sign_in(client, "kapolsek")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert AccessEntry.objects.get(kind="signed_in").by == "kapolsek"


@pytest.mark.parametrize(("name", "password"), [("kapolsek", "wrong"), ("nobody", "wrong"), ("kapolsek", "")])
def test_a_wrong_password_tells_nothing_about_the_name(people, client, name, password):
    response = sign_in(client, name, password)
    assert response.status_code in (200, 403)
    assert "_auth_user_id" not in client.session
    if password:
        assert "Nama akun atau kata sandi salah." in response.content.decode()


def test_guessing_is_slowed_even_with_the_right_password_but_not_for_its_owner_elsewhere(people, client):
    for _ in range(backend.TRIES["pair"]):
        assert sign_in(client, "kapolsek", "wrong").status_code == 403
    assert sign_in(client, "kapolsek").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "kapolsek").status_code == 302
    assert sign_in(client, "kapolres").status_code == 302


def test_guessing_from_many_addresses_is_slowed_too(people):
    for n in range(backend.TRIES["name"]):
        sign_in(Client(REMOTE_ADDR=f"10.0.1.{n}"), "kapolsek", "wrong")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "kapolsek").status_code == 429


def test_guessing_is_slowed_by_address(people):
    for n in range(backend.TRIES["from"]):
        sign_in(Client(), f"name{n}", "wrong")
    assert sign_in(Client(), "kapolsek").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "kapolsek").status_code == 302


def test_guessing_may_go_on_after_the_wait(people):
    for _ in range(backend.TRIES["name"]):
        backend.count_wrong("kapolsek", "10.0.0.1", cast.NOW)
    assert backend.blocked_until("kapolsek", "", cast.NOW) == cast.NOW + backend.WAIT
    later = cast.NOW + backend.WAIT + timedelta(seconds=1)
    assert backend.blocked_until("kapolsek", "", later) is None
    backend.count_wrong("kapolsek", "10.0.0.1", later)
    assert Guess.objects.get(key="name:kapolsek").count == 1


def test_a_password_typed_as_a_name_is_not_kept(people, client):
    sign_in(client, "kata-sandi-saya", "x")
    assert "kata-sandi-saya" not in "".join(lines(table=AccessEntry))


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_door_leads_nowhere_foreign(people, client, there):
    response = client.post("/masuk/", {"username": "kapolsek", "password": cast.PASSWORD, "next": there})
    assert response["Location"] == "/"


def test_a_closed_account_is_out_at_its_next_request(people, client):
    sign_in(client, "auditor")
    assert client.get("/akses/").status_code == 200
    actions.set_active(username="auditor", active=False, by=people.admin, now=cast.NOW)
    assert client.get("/akses/").status_code == 302


def test_signing_out_needs_a_post(as_):
    browser = as_("auditor")
    assert browser.get("/keluar/").status_code == 405
    browser.post("/keluar/")
    assert browser.get("/akses/").status_code == 302


def test_forms_refuse_a_foreign_post(people):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/masuk/", {"username": "kapolsek", "password": cast.PASSWORD})
    assert response.status_code == 403
    assert "kedaluwarsa" in response.content.decode()


# ---------------------------------------------------------------- own password


def test_a_given_password_must_be_changed_first(people, client):
    password = actions.reset_password(username="auditor", by=people.admin, now=cast.NOW)
    sign_in(client, "auditor", password)
    assert client.get("/akses/")["Location"] == "/sandi/"
    new = "perahu-kuning-di-telaga"
    response = client.post("/sandi/", {"old": password, "new": new, "again": new})
    assert response.status_code == 302
    assert client.get("/akses/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "perahu-kuning-di-telaga", "perahu-kuning-di-telaga"),
        (cast.PASSWORD, "pendek", "pendek"),
        (cast.PASSWORD, "123456789012345", "123456789012345"),
        (cast.PASSWORD, "perahu-kuning-di-telaga", "lain-lagi-sama-sekali"),
    ],
)
def test_a_bad_new_password_changes_nothing(as_, people, old, new, again):
    response = as_("auditor").post("/sandi/", {"old": old, "new": new, "again": again})
    assert response.status_code == 422
    assert User.objects.get(username="auditor").check_password(cast.PASSWORD)


def test_a_new_password_ends_the_other_sessions(people):
    here, there = Client(), Client()
    for browser in (here, there):
        sign_in(browser, "auditor")
    new = "perahu-kuning-di-telaga"
    here.post("/sandi/", {"old": cast.PASSWORD, "new": new, "again": new})
    assert here.get("/akses/").status_code == 200
    assert there.get("/akses/").status_code == 302


def test_signing_in_writes_no_row_beneath_the_book(people, client):
    sign_in(client, "kapolsek")
    assert verify().row_findings == ()


# ---------------------------------------------------------------- accounts


def test_the_administrator_makes_an_account_and_sees_its_password_once(as_):
    browser = as_("admin")
    page = browser.post("/akun/", {"username": "petugas9", "jabatan": "Padal TPS 02"})
    assert page.status_code == 200
    password = page.context["given"][1]
    assert password in page.content.decode() and 'href="/akun/petugas9/"' in page.content.decode()
    assert password not in browser.get("/akun/").content.decode()
    made = User.objects.get(username="petugas9")
    assert made.must_change
    assert (made.role, made.jabatan, made.memberships.count()) == ("", "Padal TPS 02", 0)
    assert made.check_password(password)
    assert password not in "".join(lines())


@pytest.mark.parametrize(
    "wrong", [{"username": "Ada Spasi"}, {"username": "kapolsek"}, {"role": "raja"}, {"role": "kapolres"}]
)
def test_a_bad_account_is_refused_with_its_field(as_, wrong):
    response = as_("admin").post("/akun/", {"username": "petugas9", "role": ""} | wrong)
    assert response.status_code == 422
    assert next(iter(wrong)) in response.context["form"].errors
    assert not User.objects.filter(username="petugas9").exists()


def test_the_administrator_changes_closes_and_resets(as_, people):
    browser = as_("admin")
    url = "/akun/petugas1/"
    browser.post(url, {"action": "change", "role": "auditor", "jabatan": "Padal"})
    browser.post(url, {"action": "close"})
    page = browser.post(url, {"action": "reset"})
    user = User.objects.get(username="petugas1")
    assert (user.role, user.jabatan, user.is_active, user.must_change) == ("auditor", "Padal", False, True)
    assert user.check_password(page.context["given"][1])
    assert list(Entry.objects.filter(by="admin").values_list("operation", "kind")) == [
        ("", "account_changed"),
        ("", "account_closed"),
        ("", "password_reset"),
    ]


def test_nobody_raises_their_own_account(people):
    with pytest.raises(Conflict):
        actions.change_account(username="admin", role="auditor", jabatan="", by=people.admin, now=cast.NOW)


@pytest.mark.parametrize("username", [p.username for p in cast.PEOPLE if p.role != "admin"])
def test_only_the_administrator_reaches_the_accounts(op, as_, people, username):
    assert as_(username).get("/akun/").status_code == 403
    user = getattr(people, username.replace(".", "_")).user
    with pytest.raises(NotAllowed):
        actions.reset_password(username="humas", by=user, now=cast.NOW)
    with pytest.raises(NotAllowed):
        actions.create_account(username="baru1", role="planner", password="x", by=user, now=cast.NOW)


def test_the_account_pages_show_nothing_operational_but_the_names_of_operations(op, as_):
    text = as_("admin").get("/akun/").content.decode()
    assert cast.OPERATION["nama"] in text
    assert "Tegalrejo</a>" not in text and cast.KARANGJATI not in text
    assert "Rawan" not in text


# ---------------------------------------------------------------- access log


def test_a_refusal_is_a_page_and_a_line(op, as_):
    response = as_("kapolsek").get("/akun/")
    assert response.status_code == 403
    line = AccessEntry.objects.get(kind="denied")
    assert (line.by, line.payload["what"]) == ("kapolsek", "manage_accounts")


def test_reading_the_access_log_is_itself_a_line(op, as_):
    browser = as_("auditor")
    browser.get("/akses/")
    page = browser.get("/akses/?jenis=read&oleh=auditor").content.decode()
    assert AccessEntry.objects.filter(kind="read", by="auditor").count() == 2
    assert "Membaca" in page


@pytest.mark.parametrize("username", [p.username for p in cast.PEOPLE if p.role != "auditor"])
def test_only_the_auditor_reads_the_access_log(op, as_, username):
    assert as_(username).get("/akses/").status_code == 403


def test_a_line_says_in_which_operation_it_was_read_and_is_found_by_it(op, other, other_people, as_):
    reader = as_("kapolres")
    for path in ("/o/uji/dialog/", "/o/lain/dialog/"):
        assert reader.get(path).status_code == 200
    assert set(AccessEntry.objects.filter(by="kapolres").values_list("payload__operation", flat=True)) == {
        "uji",
        "lain",
    }
    page = as_("auditor").get("/akses/?oleh=kapolres&operasi=lain")
    assert [row.di for row in page.context["page"]] == ["lain"]


def test_the_access_log_is_a_chain(op, as_):
    browser = as_("auditor")
    for _ in range(3):
        browser.get("/akses/")
    assert verify_lines(lines(table=AccessEntry)) == ()


def test_only_these_pages_open_without_signing_in():
    def views(patterns):
        for pattern in patterns:
            yield from views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]

    opened = {
        view.__name__
        for view in views(get_resolver().url_patterns)
        if not getattr(view, "login_required", True)
    }
    assert opened == {
        "masuk", "bantuan", "kartu", "keluar", "pilih", "list_public", "publik", "kalender", "kode_jawab"
    }  # fmt: skip
