import JSON
import NIOCore
import NIOHTTP1
import Testing
import Unified
import Upstream

/// docs/wire.md#idempotency through sockets: what the provider sees of a call that is sent twice.
@Suite(.timeLimit(.minutes(5))) struct IdempotencyTests {
    private func upload(
        _ gateway: TestGateway, _ form: Form, key: String,
        query: String = "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
    ) async throws -> Answer {
        try await gateway.upload(form, query: query, headers: [("idempotency-key", key)])
    }

    /// How many files and uploads the sandbox was sent.
    private func sent(_ gateway: TestGateway) async throws -> Int {
        try await gateway.received().count { $0["method"] == "POST" }
    }

    @Test func `the same call is answered the same again, and sent once`() async throws {
        try await TestGateway.run { gateway in
            let first = try await upload(gateway, Form(Form.resume), key: "k1")
            #expect(first.status == 200 && first.headers.first(name: "idempotency-replayed") == nil)
            // As clients do: the same form with another boundary, the parameters in another order.
            var again = Form(Form.resume)
            again.boundary = "----another1b"
            let second = try await upload(gateway, again, key: "\"k1\"")
            #expect(second.status == 200 && second.body == first.body)
            #expect(second.headers.first(name: "idempotency-replayed") == "true")
            #expect(second.headers.first(name: "content-type") == "application/json")
            #expect(try await sent(gateway) == 1)
        }
    }

    @Test func `any other call under the key is refused`() async throws {
        try await TestGateway.run { gateway in
            #expect(try await upload(gateway, Form(Form.resume), key: "k1").status == 200)
            let others: [(Form, String)] = [
                (
                    Form(.file("file", name: "resume.pdf", type: "application/pdf", bytes: Form.pdf + [0])),
                    "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
                ),
                (
                    Form(.file("file", name: "other.pdf", type: "application/pdf", bytes: Form.pdf)),
                    "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
                ),
                (
                    Form(.field("attachment_type", "resume"), Form.resume),
                    "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
                ),
                (
                    Form(Form.resume),
                    "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)&truto_ignore_remote_data=true"
                ),
            ]
            for (form, query) in others {
                let response = try await upload(gateway, form, key: "k1", query: query)
                #expect(response.status == 422)
                #expect(response.json["code"] == "idempotency_key_reused")
            }
            #expect(try await sent(gateway) == 1)
        }
    }

    @Test func `of many at once one is sent`() async throws {
        try await TestGateway.run { gateway in
            try await gateway.behave(["match": ["method": "POST"], "times": 1, "do": ["delay_ms": 300]])
            let responses = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await upload(gateway, Form(Form.resume), key: "k1") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try await sent(gateway) == 1)
            for response in responses where response.status != 200 {
                #expect(response.status == 409 && response.json["code"] == "idempotency_key_in_use")
                #expect(response.headers.first(name: "retry-after") == "1")
            }
            let bodies = Set(responses.filter { $0.status == 200 }.map(\.body))
            #expect(bodies.count == 1)
        }
    }

    @Test func `a call that was refused here can be corrected under its key`() async throws {
        try await TestGateway.run { gateway in
            let wrong = try await upload(gateway, Form(.field("candidate_id", "x")), key: "k1")
            #expect(wrong.status == 400)
            let right = try await upload(gateway, Form(Form.resume), key: "k1")
            #expect(right.status == 200 && right.headers.first(name: "idempotency-replayed") == nil)
        }
    }

    @Test func `a provider's refusal is kept`() async throws {
        try await TestGateway.run { gateway in
            let query = "candidate_id=99999999-2222-4222-8222-222222222221&remote_query[perform_as]=\(TestGateway.performAs)"
            let first = try await upload(gateway, Form(Form.resume), key: "k1", query: query)
            let second = try await upload(gateway, Form(Form.resume), key: "k1", query: query)
            #expect(first.status == 404 && second.status == 404 && second.body == first.body)
            #expect(second.headers.first(name: "idempotency-replayed") == "true")
            #expect(try await sent(gateway) == 1)
        }
    }

    @Test func `an unknown outcome stays unknown, and nothing is sent again`() async throws {
        var limits = UnifiedService.Limits()
        limits.callTime = UpstreamLimits(total: .seconds(3), connect: .seconds(5))
        try await TestGateway.run(limits: limits) { gateway in
            try await gateway.behave(["match": ["method": "POST"], "do": ["delay_ms": 60_000]])
            let first = try await upload(gateway, Form(Form.resume), key: "k1")
            #expect(first.status == 500 && first.json["code"] == "outcome_unknown")
            try await gateway.behaveWell()
            let second = try await upload(gateway, Form(Form.resume), key: "k1")
            #expect(second.status == 500 && second.json["code"] == "outcome_unknown")
            #expect(try await upload(gateway, Form(Form.resume), key: "k2").status == 200)
        }
    }

    @Test(arguments: ["raw", "stream"]) func `a provider's own response is kept as it is`(format: String) async throws {
        try await TestGateway.run { gateway in
            let query =
                "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)&truto_response_format=\(format)"
            let first = try await upload(gateway, Form(Form.resume), key: "k1", query: query)
            let second = try await upload(gateway, Form(Form.resume), key: "k1", query: query)
            #expect(first.status == 201 && second.status == 201 && second.body == first.body)
            #expect(second.headers.first(name: "content-type") == first.headers.first(name: "content-type"))
        }
    }

    @Test func `bodies of every kind are told apart`() async throws {
        try await TestGateway.run { gateway in
            let path =
                "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
            for (type, one, other) in [
                ("application/json", #"{"file":"aGk=","file_name":"a.txt"}"#, #"{"file":"aGo=","file_name":"a.txt"}"#),
                ("application/pdf", "one", "other"),
            ] {
                var statuses: [UInt] = []
                for body in [one, one, other] {
                    let response = try await gateway.call(
                        .POST, path, headers: [("content-type", type), ("idempotency-key", type)],
                        body: ByteBuffer(string: body))
                    statuses.append(UInt(response.status))
                }
                #expect(statuses == [200, 200, 422], "\(type)")
            }
            #expect(try await sent(gateway) == 2)
        }
    }

    @Test func `a deletion is carried out once`() async throws {
        try await TestGateway.run { gateway in
            let made = try await gateway.upload(
                Form(Form.resume), query: "candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)")
            let path =
                "/unified/ats/attachments/\(made.json["id"]?.string ?? "")?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&remote_query[perform_as]=\(TestGateway.performAs)"
            let first = try await gateway.call(.DELETE, path, headers: [("idempotency-key", "d")])
            let second = try await gateway.call(.DELETE, path, headers: [("idempotency-key", "d")])
            #expect(first.status == 200 && second.status == 200 && second.body == first.body)
            #expect(try await gateway.call(.DELETE, path).status == 404)
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 256)]) func `a bad key is refused`(key: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await upload(gateway, Form(Form.resume), key: key)
            #expect(response.status == 400)
            #expect(response.json["code"] == "invalid_idempotency_key")
            #expect(try await sent(gateway) == 0)
        }
    }
}
