import Accounts
import Storage
import Testing
import Unified

@testable import Gateway

/// A call's line in the log names the code that its response names.
@Suite struct LogCodeTests {
    private struct Strange: Error {}

    private static let cases: [((any Error)?, String)] = [
        (nil, "ok"), (APIError(.unauthorized, "no"), "unauthorized"),
        (AccountsError.notFound("environment"), "not_found"), (CancellationError(), "aborted"), (Strange(), "internal_error"),
    ]

    @Test(arguments: cases.indices) func `the code of a failure`(index: Int) {
        let (failure, code) = Self.cases[index]
        #expect(Responder.logCode(failure) == code)
    }
}
