"""The fakes keep the contracts: else what is proved on them is worth nothing. The adapters: tests/integration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.conversations import ReplyJob
from tests.contracts import (
    amending,
    conversing,
    falling_due,
    identifying,
    keeping_files,
    modelling,
    opting_out,
    owning,
    pausing,
    reading,
    recording,
    sending,
    telling,
    templating,
    waiting,
)
from tests.fakes.assistant import FakeCatalogueSearch
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.queues import FakeReplyJobs
from tests.fakes.tenants import FakeTenants


class TestFirstMessage(recording.FirstMessageContract): ...


class TestLaterMessage(recording.LaterMessageContract): ...


class TestSameMessageAgain(recording.SameMessageAgainContract): ...


class TestEscalatingMessage(recording.EscalatingMessageContract): ...


class TestOtherCustomers(recording.OtherCustomersContract): ...


class TestThread(conversing.ThreadContract): ...


class TestHandOver(conversing.HandOverContract): ...


class TestLeaveUnanswered(conversing.LeaveUnansweredContract): ...


class TestPendingEscalation(conversing.PendingEscalationContract): ...


class TestClaim(sending.ClaimContract): ...


class TestHandoverNote(sending.HandoverNoteContract): ...


class TestSettle(sending.SettleContract): ...


class TestClaimSend(sending.ClaimSendContract): ...


class TestDelivery(telling.DeliveryContract): ...


class TestDeliveryOfReply(telling.DeliveryOfReplyContract): ...


class TestQuarantine(telling.QuarantineContract): ...


class TestAccountEvents(telling.AccountEventsContract): ...


class TestKeptOptOut(opting_out.KeptOptOutContract): ...


class TestOptOutOfStranger(opting_out.OptOutOfStrangerContract): ...


class TestSaidOptOut(opting_out.SaidOptOutContract): ...


class TestOptOutNote(opting_out.OptOutNoteContract): ...


class TestChangeOwner(owning.ChangeOwnerContract): ...


class TestReopening(owning.ReopeningContract): ...


class TestOrderWhileAnotherOwns(owning.OrderWhileAnotherOwnsContract): ...


class TestCustomers(owning.CustomersContract): ...


class TestDueItems(falling_due.DueItemsContract): ...


class TestNotePerson(falling_due.NotePersonContract): ...


class TestLink(identifying.LinkContract): ...


class TestLinkedOptOut(identifying.LinkedOptOutContract): ...


class TestMove(identifying.MoveContract): ...


class TestMerge(identifying.MergeContract): ...


class TestSplit(identifying.SplitContract): ...


class TestCurrentOptOut(opting_out.CurrentOptOutContract): ...


class TestTemplateCatalogue(templating.TemplateCatalogueContract): ...


class TestPause(pausing.PauseContract): ...


class TestOwedAlert(pausing.OwedAlertContract): ...


class TestAmendedMessage(amending.AmendedMessageContract): ...


class TestBurstChange(amending.BurstChangeContract): ...


class TestWaiting(amending.WaitingContract): ...


class TestAmendedReply(amending.AmendedReplyContract): ...


class TestOrder(amending.OrderContract): ...


class TestBeginOfWait(waiting.BeginOfWaitContract): ...


class TestEndOfWait(waiting.EndOfWaitContract): ...


class TestStepOfWait(waiting.StepOfWaitContract): ...


class TestWaitingNote(waiting.WaitingNoteContract): ...


class TestMediaRecords(keeping_files.MediaRecordsContract): ...


class TestMediaLibrary(keeping_files.MediaLibraryContract): ...


class TestTenants(reading.TenantsContract):
    @pytest.fixture
    def tenants(self) -> FakeTenants:
        return FakeTenants()


class TestModelUsage(modelling.ModelUsageContract):
    @pytest.fixture
    def model_usage(self) -> FakeModelUsage:
        return FakeModelUsage()


class TestCatalogue(reading.CatalogueContract):
    @pytest.fixture
    def catalogue_of(self) -> type[FakeCatalogueSearch]:
        return FakeCatalogueSearch


class TestReplyJobs(reading.ReplyJobsContract):
    @pytest.fixture
    def reply_jobs(self) -> FakeReplyJobs:
        return FakeReplyJobs()

    @pytest.fixture
    def waiting(self, reply_jobs: FakeReplyJobs) -> Callable[[], list[ReplyJob]]:
        return lambda: reply_jobs.waiting
