"""The adapters keep the contracts that the fakes keep (tests/contracts/test_fakes.py)."""

from __future__ import annotations

from tests.contracts import (
    amending,
    conversing,
    falling_due,
    identifying,
    keeping_files,
    opting_out,
    owning,
    pausing,
    recording,
    sending,
    telling,
    templating,
    waiting,
)


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


class TestKeptOptOut(opting_out.KeptOptOutContract): ...


class TestOptOutOfStranger(opting_out.OptOutOfStrangerContract): ...


class TestSaidOptOut(opting_out.SaidOptOutContract): ...


class TestOptOutNote(opting_out.OptOutNoteContract): ...


class TestQuarantine(telling.QuarantineContract): ...


class TestAccountEvents(telling.AccountEventsContract): ...


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
