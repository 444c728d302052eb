import Accounts
import JSON
import Storage
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// What a person is told whose account could not be connected.
struct `A connection that failed` {
    private static func failure(_ error: APIError, _ action: Action.Name = .validation) -> ConnectFailure {
        ConnectFailure(ActionFailure(action: action, error: error), label: "Vendor")
    }

    private static func remote(_ status: Int, _ message: String = "m") -> APIError {
        var error = APIError(.remoteError, message)
        error.status = status
        error.remote = RemoteFailure(rawResponse: .null)
        return error
    }

    @Test(
        arguments: [
            (remote(401), "Vendor did not accept these credentials."), (remote(403), "Vendor did not accept these credentials."),
            (remote(400, "bad"), "Vendor answered with an error: bad"), (remote(500, "bad"), "Vendor answered with an error: bad"),
            (APIError(.providerUnreachable, "r"), "Vendor cannot be reached at the moment."),
            (APIError(.providerTimeout, "r"), "Vendor cannot be reached at the moment."),
            (APIError(.mappingFailed, "why"), "The connection could not be checked: why"),
            // A status of the gateway's own is no word of the vendor's.
            (APIError(.unauthorized, "why"), "The connection could not be checked: why"),
        ])
    func `is explained in words for a person`(error: APIError, message: String) {
        let failure = Self.failure(error)
        #expect(failure.kind == .validationError && failure.message.hasPrefix(message))
        #expect(failure.faults.isEmpty && failure.accountID == nil)
    }

    @Test func `names the step that failed, in no more than a few lines`() {
        #expect(Self.failure(Self.remote(500), .postInstall).kind == .postInstallError)
        let long = Self.failure(Self.remote(500, String(repeating: "x", count: 5000)))
        #expect(long.message.count < 300)
    }

    @Test(
        arguments: [
            (.invalidToken, "invalid_token"), (.invalidIntegration, "invalid_integration"), (.connectionError, "connection_error"),
            (.postInstallError, "post_install_error"), (.validationError, "validation_error"),
        ] as [(ConnectFailure.Kind, String)])
    func `has a type for the program that sent the person`(kind: ConnectFailure.Kind, text: String) {
        #expect(kind.rawValue == text)
        #expect(ConnectFailure.Kind.allCases.count == 5)
    }

    // MARK: What is kept of it

    private static let time = Timestamp(millisecondsSinceEpoch: 0)

    @Test func `is kept with the account, without the provider's words`() {
        #expect(ConnectService.result(nil, at: Self.time).text() == #"{"success":true,"at":"1970-01-01T00:00:00.000Z"}"#)
        let refused = ConnectService.result(ActionFailure(action: .postInstall, error: Self.remote(403, "no")), at: Self.time)
        #expect(refused["success"] == false && refused["status"] == 403 && refused["code"] == "remote_error" && refused["message"] == "no")
        #expect(refused["action"] == .string(Action.Name.postInstall.rawValue))
        let own = ConnectService.result(ActionFailure(action: .validation, error: APIError(.mappingFailed, "m")), at: Self.time)
        #expect(own["status"] == nil)
    }

    // MARK: What it comes from

    @Test(
        arguments: [
            (APIError(.conflict, "m"), "conflict", 409), (CatalogError(.expressionFailed, "m"), "mapping_failed", 500),
            (UpstreamError(.timedOut, "m"), "provider_timeout", 504), (Broken(), "internal_error", 500),
        ] as [(any Error & Sendable, String, Int)])
    func `comes from an error of any kind`(error: any Error & Sendable, name: String, status: Int) {
        let made = ActionRunner.apiError(error)
        #expect(made.code.name == name && made.status == status)
    }

    @Test(arguments: [(401, "remote_error", 401, true), (nil, "bad_provider_response", 502, false)] as [(Int?, String, Int, Bool)])
    func `comes from a session that was refused, or that did not work out`(status: Int?, name: String, expected: Int, refuses: Bool) {
        let error = ActionRunner.apiError(OAuthFailure("c", "m", status: status))
        #expect(error.code.name == name && error.status == expected && error.message == "m")
        #expect(ActionFailure(action: .validation, error: error).refusesCredentials == refuses)
    }
}
