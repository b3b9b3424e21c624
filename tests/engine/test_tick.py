"""What a tick does to people, on both databases."""

from __future__ import annotations

from sqlalchemy import select, update

from backend.authoring.publish import pause, resume, stop
from backend.core.split import contact_split, slot
from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.leave import remove_contact
from tests.support.builder import a_journey
from tests.support.town import DAY, Town

WELCOME = (
    a_journey("Welcome")
    .on("Signed Up")
    .waits(days=2)
    .branches("plan", pro={"field": "plan", "op": "is", "value": "pro"})
    .at("plan", "pro")
    .sends("hello")
    .build()
)
WIN_BACK = (
    a_journey("Win back")
    .on("Bought")
    .waits_for("Bought", days=90, id="quiet")
    .at("quiet", "timeout")
    .sends("miss-you")
    .with_settings(reentry={"allow": "after_exit"})
    .build()
)


def test_people_enter_on_the_event_and_wait(town: Town) -> None:
    welcome = town.publish(WELCOME)
    town.happen("Signed Up", town.people(3))
    moved = town.tick()
    assert town.inside(welcome) == {"wait": 3}
    assert moved.next_due_ms == town.now + 2 * DAY
    assert moved.moves == 3


def test_time_moves_them_on_by_their_own_data(town: Town) -> None:
    welcome = town.publish(WELCOME)
    town.happen("Signed Up", [*town.people(2, plan="pro"), *town.people(1, plan="free"), *town.people(1)])
    town.tick()
    town.pass_time(days=2)
    flow = town.flow(welcome)
    assert flow["edges"]["plan:pro"] == 2
    assert flow["edges"]["plan:else"] == 2
    assert flow["outcomes"] == {
        "entered": 4, "inside": 0, "completed": 4, "exited": 0, "failed": 0, "converted": 0,
    }  # fmt: skip
    assert town.messages(welcome) == {"pending": 2}


def test_a_move_happens_at_its_own_instant_however_late_the_tick(town: Town) -> None:
    town.publish(WELCOME)
    town.happen("Signed Up", town.people(1, plan="pro"))
    entered = town.now
    town.tick()
    town.pass_time(days=30)
    with town.db.read() as conn:
        assert conn.execute(select(t.message.c.at)).scalars().all() == [entered + 2 * DAY]
        assert conn.execute(select(t.move.c.at).order_by(t.move.c.no)).scalars().all() == [entered, entered + 2 * DAY]


def test_an_event_that_ends_a_wait_starts_the_next_passage(town: Town) -> None:
    win_back = town.publish(WIN_BACK)
    people = town.people(2)
    town.happen("Bought", people)
    town.pass_time(days=10)
    town.happen("Bought", people[:1])
    town.tick()
    assert town.flow(win_back)["edges"]["quiet:happened"] == 1
    assert town.outcomes(win_back)["entered"] == 3
    assert town.inside(win_back) == {"quiet": 2}
    town.pass_time(days=90)
    assert town.messages(win_back) == {"pending": 2}


def test_an_event_at_the_due_time_counts_as_having_happened(town: Town) -> None:
    win_back = town.publish(WIN_BACK)
    people = town.people(1)
    town.happen("Bought", people)
    town.tick()
    town.now += 90 * DAY - 1  # `happen` adds the last millisecond
    town.happen("Bought", people)
    town.tick()
    assert town.flow(win_back)["edges"]["quiet:happened"] == 1


def test_what_was_due_before_an_event_moves_before_it(town: Town) -> None:
    win_back = town.publish(WIN_BACK)
    people = town.people(1)
    town.happen("Bought", people)
    town.tick()
    town.now += 91 * DAY
    town.happen("Bought", people)  # nobody has ticked meanwhile
    town.tick()
    assert town.flow(win_back)["edges"] == {
        "start:next": 2, "quiet:happened": 0, "quiet:timeout": 1, "miss-you:next": 1,
    }  # fmt: skip


def test_several_events_of_one_person_are_taken_in_order(town: Town) -> None:
    win_back = town.publish(WIN_BACK)
    people = town.people(1)
    for _ in range(5):
        town.happen("Bought", people)
    town.tick()
    assert town.outcomes(win_back) | {"converted": 0} == {
        "entered": 5, "inside": 1, "completed": 4, "exited": 0, "failed": 0, "converted": 0,
    }  # fmt: skip


def test_nobody_enters_twice_where_reentry_is_never(town: Town) -> None:
    welcome = town.publish(WELCOME)
    people = town.people(2)
    town.happen("Signed Up", people)
    town.pass_time(days=3)
    town.happen("Signed Up", people)
    town.tick()
    assert town.outcomes(welcome)["entered"] == 2


def test_events_from_before_publishing_start_nobody(town: Town) -> None:
    people = town.people(1)
    town.happen("Signed Up", people)
    welcome = town.publish(WELCOME)
    town.tick()
    assert town.outcomes(welcome)["entered"] == 0


def test_live_events_a_day_old_on_arrival_are_history(town: Town) -> None:
    welcome = town.publish(WELCOME)
    people = town.people(2)
    town.happen("Signed Up", people)
    with town.db.write() as conn:
        conn.execute(update(t.event).where(t.event.c.contact_id == people[0]).values(at=town.now - DAY - 1))
    town.tick()
    assert town.outcomes(welcome)["entered"] == 1


def test_an_event_an_instant_ahead_of_the_clock_is_worked_to_its_end(town: Town) -> None:
    """In a sample that stands still, an event sent by hand is stored an instant after the sample's time."""
    journey = town.publish(a_journey().on("Signed Up").sends("hello").build())
    town.happen("Signed Up", town.people(1))
    town.now -= 1
    town.tick()
    assert town.outcomes(journey)["completed"] == 1
    with town.db.read() as conn:
        assert conn.execute(select(t.engine_state.c.reached_at)).scalar_one() == town.now + 1


def test_ticking_again_changes_nothing(town: Town) -> None:
    town.publish(WELCOME)
    town.happen("Signed Up", town.people(3, plan="pro"))
    town.pass_time(days=2)
    before = [town.rows(table) for table in (t.enrollment, t.move, t.message, t.counter)]
    assert town.tick().moves == 0
    assert [town.rows(table) for table in (t.enrollment, t.move, t.message, t.counter)] == before


def test_the_exit_rule_pulls_out_and_takes_back_what_was_not_sent(town: Town) -> None:
    journey = town.publish(
        a_journey().on("Signed Up").sends("hello").waits(days=2).with_settings(exit={"did": "Bought"}).build()
    )
    people = town.people(2)
    town.happen("Signed Up", people)
    town.tick()
    town.happen("Bought", people[:1])
    town.tick()
    assert town.outcomes(journey)["exited"] == 1
    assert town.messages(journey) == {"pending": 1, "skipped(left)": 1}
    assert town.flow(journey)["edges"]["wait:next"] == 0


def test_a_change_made_on_the_way_is_read_by_the_branch_after_it(town: Town) -> None:
    journey = town.publish(
        a_journey()
        .on("Signed Up")
        .updates(plan="pro", id="upgrade")
        .branches("plan", pro={"field": "plan", "op": "is", "value": "pro"})
        .at("plan", "pro")
        .tags("upgraded")
        .build()
    )
    people = town.people(2, plan="free")
    town.happen("Signed Up", people)
    town.tick()
    assert town.flow(journey)["edges"]["plan:pro"] == 2
    assert town.rows(t.contact_tag) == [(who, "upgraded") for who in people]
    with town.db.read() as conn:
        assert conn.execute(select(t.contact.c.fields)).scalars().all() == [{"plan": "pro"}] * 2


def test_a_change_in_one_journey_is_looked_at_by_another(town: Town) -> None:
    changing = town.publish(a_journey("A").on("Bought").updates(plan="pro").build())
    leaving = town.publish(
        a_journey("B")
        .on("Signed Up")
        .waits(days=9)
        .with_settings(exit={"field": "plan", "op": "is", "value": "pro"})
        .build()
    )
    people = town.people(1)
    town.happen("Signed Up", people)
    town.tick()
    town.happen("Bought", people)
    town.tick()
    assert town.outcomes(changing)["completed"] == 1
    town.now += 1
    town.tick()
    assert town.outcomes(leaving)["exited"] == 1


def test_a_split_follows_the_formula(town: Town) -> None:
    journey = town.publish(a_journey().on("Signed Up").splits("test", a=33.33, b=66.67).build())
    people = town.people(300)
    town.happen("Signed Up", people)
    town.tick()
    expected = sum(slot(contact_split(f"person-{who}"), 1, "test") < 3333 for who in people)
    assert 0 < expected < 300
    assert town.flow(journey)["edges"]["test:a"] == expected


def test_a_new_version_takes_the_newcomers_and_keeps_those_inside(town: Town) -> None:
    journey = town.publish(WELCOME)
    town.happen("Signed Up", town.people(2, plan="pro"))
    town.tick()
    town.publish(a_journey("Welcome").on("Signed Up").waits(days=5, id="longer").build(), journey)
    town.happen("Signed Up", town.people(1))
    town.tick()
    assert town.inside(journey) == {"longer": 1, "wait": 2}
    town.pass_time(days=2)
    assert town.inside(journey) == {"longer": 1}
    assert town.messages(journey) == {"pending": 2}


def test_a_paused_journey_moves_nobody_and_then_catches_up(town: Town) -> None:
    journey = town.publish(WIN_BACK)
    people = town.people(3)
    town.happen("Bought", people[:2])
    town.tick()
    pause(town.db, journey)
    town.happen("Bought", [people[0], people[2]])
    town.pass_time(days=91)
    assert town.inside(journey) == {"quiet": 2}
    resume(town.db, journey)
    town.tick()
    # Whoever was inside sees the event of the pause; newcomers of the pause are not started by it.
    assert town.flow(journey)["edges"]["quiet:happened"] == 1
    assert town.flow(journey)["edges"]["quiet:timeout"] == 1
    assert town.outcomes(journey)["entered"] == 2


def test_stopping_ends_everybody(town: Town) -> None:
    journey = town.publish(a_journey().on("Signed Up").sends("hello").waits(days=2).build())
    town.happen("Signed Up", town.people(3))
    town.tick()
    assert stop(town.db, journey, town.now + 5) == 3
    assert town.outcomes(journey) | {"converted": 0} == {
        "entered": 3, "inside": 0, "completed": 0, "exited": 3, "failed": 0, "converted": 0,
    }  # fmt: skip
    assert town.messages(journey) == {"skipped(left)": 3}
    assert town.pass_time(days=9).moves == 0


def test_removing_a_contact_keeps_the_counts(town: Town) -> None:
    journey = town.publish(WELCOME)
    people = town.people(2)
    town.happen("Signed Up", people)
    town.tick()
    with town.db.write() as conn:
        assert remove_contact(conn, people[0], town.now) == 1
        conn.execute(t.contact.delete().where(t.contact.c.id == people[0]))
    assert town.outcomes(journey)["exited"] == 1
    town.pass_time(days=2)
    assert town.outcomes(journey)["completed"] == 1


def test_people_are_enrolled_by_hand(town: Town) -> None:
    journey = town.publish(a_journey().by_hand().waits(days=1).build())
    people = town.people(5)
    assert town.engine.enroll(journey, people[:2], town.now).moves == 2
    assert town.engine.enroll(journey, None, town.now + 1).moves == 3
    assert town.inside(journey) == {"wait": 5}


def test_a_fault_stops_its_journey_alone(town: Town) -> None:
    broken, sound = town.publish(WELCOME), town.publish(WELCOME)
    with town.db.write() as conn:
        conn.execute(update(t.version).where(t.version.c.journey_id == broken).values(plan="{"))
    town.happen("Signed Up", town.people(1))
    moved = town.tick()
    assert list(moved.faults) == [broken]
    assert town.outcomes(sound)["entered"] == 1
    with town.db.read() as conn:
        assert conn.execute(select(t.journey.c.fault).where(t.journey.c.id == broken)).scalar_one()


def test_everybody_moves_however_small_the_batches(db: Database) -> None:
    town = Town(db, people_per_batch=10, events_per_batch=10)
    journey = town.publish(WELCOME)
    town.happen("Signed Up", town.people(35))
    town.tick()
    assert town.inside(journey) == {"wait": 35}
    town.pass_time(days=2)
    assert town.outcomes(journey)["completed"] == 35
