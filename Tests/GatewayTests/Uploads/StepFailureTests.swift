import JSON
import Sandbox
import Testing

/// A vendor that takes a file in several calls, of which a later one fails.
@Suite(.timeLimit(.minutes(3))) struct StepFailureTests {
    @Test func `an upload whose place refuses it shows that refusal, and nothing of the place`() async throws {
        try await TestGateway.run(
            sandbox: .named("ashby"), connecting: { try VendorContract.account($0, $1, "ashby") }
        ) { gateway in
            let candidate = try #require(gateway.sandbox.target("candidate"))
            try await gateway.behave(["match": ["path": "/_storage/"], "do": ["status": 403, "body": ["code": "EntityTooLarge"]]])
            let response = try await gateway.upload(
                Form([
                    .field("candidate_id", candidate),
                    .file("file", name: "a.pdf", type: "application/pdf", bytes: [UInt8](repeating: 120, count: 300_000)),
                ]))
            #expect(response.status == 422, "\(response.json.text())")
            #expect(response.json["raw_response"]?.string == #"{"code":"EntityTooLarge"}"#, "\(response.json.text())")
            #expect(!response.json.text().contains("X-Amz-Signature"))
        }
    }
}
