import Crypto
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// Outgoing webhooks: what may be a target, what is sent and how it is signed.
@Suite(.timeLimit(.minutes(5))) struct WebhookRoutesTests {
    private func send(_ gateway: TestGateway, _ method: HTTPMethod, _ path: String, _ json: JSONValue) async throws -> Answer {
        try await gateway.call(
            method, path, headers: [("content-type", "application/json")], body: ByteBuffer(bytes: json.bytes()))
    }

    @Test func `a webhook is made, read, changed and deleted; its secret shows once`() async throws {
        try await TestGateway.run { gateway in
            let made = try await send(
                gateway, .POST, "/webhook", ["target_url": "https://hooks.example.com/in", "event_types": ["all"]])
            #expect(made.status == 200, "\(made.json.text())")
            #expect(made.json["secret"]?.string?.isEmpty == false)
            let path = "/webhook/\(made.json["id"]?.string ?? "")"
            let read = try await gateway.call(.GET, path)
            #expect(read.json["target_url"] == "https://hooks.example.com/in" && read.json["secret"] == nil)
            #expect(try await send(gateway, .PATCH, path, ["is_active": false]).json["is_active"] == false)
            let list = try await gateway.call(.GET, "/webhook?is_active=false")
            #expect(list.json["result"]?.array?.count == 1)
            #expect(try await gateway.call(.DELETE, path).json["id"] == made.json["id"])
            #expect(try await gateway.call(.GET, path).status == 404)
            #expect(try await send(gateway, .POST, "/webhook/test", ["id": made.json["id"] ?? .null]).status == 404)
        }
    }

    @Test(arguments: [
        (#"{}"#, "invalid_body"), (#"{"target_url":"ftp://h.example"}"#, "invalid_body"),
        (#"{"target_url":"https://user@h.example/"}"#, "invalid_body"),
        (#"{"target_url":"https://127.0.0.1/"}"#, "egress_refused"),
        (#"{"target_url":"https://169.254.169.254/latest"}"#, "egress_refused"),
        (#"{"target_url":"https://[::1]/"}"#, "egress_refused"),
        (#"{"target_url":"http://93.184.216.34/"}"#, "egress_refused"),
        (#"{"target_url":"https://h.example","event_types":["nonsense"]}"#, "invalid_body"),
    ])
    func `a target that may not be called is refused when it is named`(body: String, code: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .POST, "/webhook", headers: [("content-type", "application/json")], body: ByteBuffer(string: body))
            #expect(response.status == 400)
            #expect(response.json["code"]?.string == code, "\(response.json.text())")
            #expect(response.json["param"] != nil)
        }
    }

    @Test func `changes of an account are told, signed, in order, and logged`() async throws {
        try await EventReceiver.run { receiver, port in
            try await TestGateway.run(holes: ["127.0.0.1:\(port)"]) { gateway in
                let hook = try await send(
                    gateway, .POST, "/webhook",
                    ["target_url": .string("http://127.0.0.1:\(port)/in"), "event_types": ["integrated_account:*"]])
                let secret = try #require(hook.json["secret"]?.string)
                let made = try await send(
                    gateway, .POST, "/integrated-account",
                    [
                        "tenant_id": "t", "integration": "lever", "authentication_method": "api_key",
                        "context": ["api_key": "canary-9z", "perform_as": .string(TestGateway.performAs)],
                    ])
                let path = "/integrated-account/\(made.json["id"]?.string ?? "")"
                _ = try await receiver.wait(for: 2)
                _ = try await send(gateway, .PATCH, path, ["tenant_id": "u"])
                _ = try await receiver.wait(for: 3)
                _ = try await gateway.call(.DELETE, path)
                let events = try await receiver.wait(for: 4)

                #expect(
                    Set(events[..<2].map { $0.json["event"]?.string }) == [
                        "integrated_account:created", "integrated_account:active",
                    ])
                #expect(events[2].json["event"] == "integrated_account:updated")
                #expect(events[2].json["payload"]?["tenant_id"] == "u")
                #expect(events[3].json["event"] == "integrated_account:deleted")
                for event in events {
                    let key = SymmetricKey(data: Array(secret.utf8))
                    let whole = HMAC<SHA256>.authenticationCode(for: event.body, using: key)
                    let hex = whole.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                    #expect(event.field("x-truto-signature") == "format=sha256,v=\(hex)")
                    #expect(event.field("webhook-id") == event.json["id"]?.string)
                    #expect(event.json["payload"]?["id"] == made.json["id"])
                    #expect(!String(decoding: event.body, as: UTF8.self).contains("canary-9z"))
                }

                var delivered = 0
                while delivered < 4 {
                    let log = try await gateway.call(.GET, "/webhook-delivery?status=delivered")
                    delivered = log.json["result"]?.array?.count ?? 0
                }
            }
        }
    }

    @Test func `a refused delivery is tried again later and its log says why`() async throws {
        try await EventReceiver.run { receiver, port in
            try await TestGateway.run(holes: ["127.0.0.1:\(port)"]) { gateway in
                receiver.response(503)
                let hook = try await send(
                    gateway, .POST, "/webhook",
                    ["target_url": .string("http://127.0.0.1:\(port)/in"), "is_active": false])
                let tested = try await send(gateway, .POST, "/webhook/test", ["id": hook.json["id"] ?? .null])
                #expect(tested.json["success"] == true)
                let events = try await receiver.wait(for: 1)
                #expect(events[0].json["event"] == "test")
                var entry: JSONValue?
                while entry?["last_status"] != 503 {
                    let log = try await gateway.call(.GET, "/webhook-delivery?webhook_id=\(hook.json["id"]?.string ?? "")")
                    entry = log.json["result"]?.array?.first
                }
                #expect(entry?["status"] == "pending" && entry?["attempts"] == 1)
                #expect(entry?["last_error"] == "the receiver answered with status 503")
                #expect(entry?["next_attempt_at"]?.string != nil)
            }
        }
    }
}
