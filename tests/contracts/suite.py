"""Every contract of a world: the fakes keep them (test_fakes.py), and the adapters (tests/integration).

What is added here is asked of all of them.
"""

from __future__ import annotations

from tests.contracts import (
    amending,
    booking,
    conversing,
    counting,
    erasing,
    erasing_identities,
    falling_due,
    identifying,
    keeping_files,
    listing,
    opting_out,
    overviewing,
    owning,
    paging,
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


class TestExpectedDelivery(telling.ExpectedDeliveryContract): ...


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


class TestSearch(erasing.SearchContract): ...


class TestForgotten(erasing.ForgottenContract): ...


class TestForgottenWork(erasing.ForgottenWorkContract): ...


class TestForgottenOptOut(erasing.ForgottenOptOutContract): ...


class TestUnfinished(erasing.UnfinishedContract): ...


class TestErasedIdentities(erasing_identities.ErasedIdentitiesContract): ...


class TestErasedOptOut(erasing_identities.ErasedOptOutContract): ...


class TestErasedMerge(erasing_identities.ErasedMergeContract): ...


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


class TestUsage(counting.UsageContract): ...


class TestUsageWatch(counting.UsageWatchContract): ...


class TestInboxPage(listing.InboxPageContract): ...


class TestInboxLine(listing.InboxLineContract): ...


class TestSeen(listing.SeenContract): ...


class TestThreadPage(paging.ThreadPageContract): ...


class TestThreadNews(paging.ThreadNewsContract): ...


class TestNotes(paging.NotesContract): ...


class TestTenantsOverview(overviewing.TenantsOverviewContract): ...


class TestCustomerBook(booking.CustomerBookContract): ...


class TestCannedReplies(booking.CannedRepliesContract): ...
