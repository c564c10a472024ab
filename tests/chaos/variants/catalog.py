"""Bulkhead done wrong, in ways that a plausible change could bring about: each must be caught by the judge."""

from collections.abc import Callable
from typing import Final

from tests.chaos.variants import execution, outages, pace, replicas, results, sending, servers, telling

VARIANTS: Final[dict[str, Callable[[], None]]] = {
    variant.__name__: variant
    for variant in (
        execution.counts_outside_the_transaction,
        execution.commits_the_claim,
        execution.ignores_a_stop,
        execution.claims_what_others_have,
        execution.writes_what_it_read,
        telling.announces_before_the_commit,
        telling.skips_the_resync,
        telling.tells_of_the_living_only,
        telling.is_mute,
        telling.launches_nothing,
        outages.forgets_the_tail,
        outages.forgets_the_key,
        outages.takes_an_outage_for_a_bug,
        outages.gives_up_when_cut_off,
        outages.locks_the_door_without_redis,
        outages.waits_for_ever,
        outages.keeps_its_transaction,
        servers.knows_one_server,
        servers.remembers_the_master,
        replicas.believes_the_replica,
        replicas.does_not_say_what_was_written,
        results.raises_the_version_only,
        results.forgets_the_status,
        results.purges_nothing,
        results.restores_over_newer_changes,
        pace.goes_on_at_normal_priority,
        pace.resumes_at_normal_priority,
        pace.retries_at_full_speed,
        pace.makes_up_for_all_lost_time,
        pace.sweeps_what_an_undo_needs,
        sending.writes_down_before_it_sends,
        sending.writes_down_before_it_writes,
    )
}
