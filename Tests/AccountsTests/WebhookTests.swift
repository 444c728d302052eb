import Crypto
import Encodings
import FoundationEssentials
import HTTPTypes
import JSON
import Storage
import Synchronization
import Testing

@testable import Accounts

/// Takes what is sent and responds as told; 200 when there is nothing left to tell.
private final class Receiver: Sendable {
    struct Down: Error, CustomStringConvertible { let description = "connection refused" }

    private let state = Mutex<(got: [WebhookRequest], responses: [Int?])>(([], []))
    var got: [WebhookRequest] { state.withLock { $0.got } }
    func responses(_ responses: Int?...) { state.withLock { $0.responses = responses } }

    func take(_ request: WebhookRequest) throws -> Int {
        let response: Int? = state.withLock { state in
            state.got.append(request)
            return state.responses.isEmpty ? 200 : state.responses.removeFirst()
        }
        guard let response else { throw Down() }
        return response
    }
}

@Suite struct WebhookTests {
    private func make(_ harness: Harness, _ types: [String]? = nil, isActive: Bool = true) async throws -> Webhook {
        try await harness.services.webhooks.create(
            WebhookPatch(targetURL: "https://hooks.example/in", eventTypes: types, isActive: isActive),
            environment: harness.environment
        ).webhook
    }

    @Test func `the secret is shown once; a webhook is of its environment alone`() async throws {
        try await Harness.run { harness in
            let webhooks = harness.services.webhooks
            let made = try await webhooks.create(
                WebhookPatch(targetURL: "https://h.example", eventTypes: ["record:*"]), environment: harness.environment
            )
            #expect(made.webhook.json(secret: made.secret)["secret"]?.string?.hasPrefix("whsec_") == true)
            let got = try await webhooks.get(made.webhook.id, environment: harness.environment)
            #expect(got == made.webhook && got.json()["secret"] == nil)
            let changed = try await webhooks.update(
                got.id, environment: harness.environment, WebhookPatch(isActive: false)
            )
            #expect(!changed.isActive && changed.eventTypes == ["record:*"])
            #expect(try await webhooks.list(environment: harness.environment).result == [changed])
            let other = try await harness.services.environments.create(name: "Other").id
            await expect(.notFound) { _ = try await webhooks.get(got.id, environment: other) }
            await expect(.notFound) { try await webhooks.delete(got.id, environment: other) }
            try await webhooks.delete(got.id, environment: harness.environment)
            #expect(try await harness.store.sealedKeyIDs() == [])
        }
    }

    @Test(arguments: [
        (#"{}"#, "target_url"), (#"{"target_url":"http://h"}"#, "target_url"), (#"{"target_url":"https://h h"}"#, "target_url"),
        (#"{"target_url":"ftp://h"}"#, "target_url"), (#"{"target_url":"https://h","event_types":"all"}"#, "event_types"),
        (#"{"target_url":"https://h","event_types":["x"]}"#, "event_types"),
        (#"{"target_url":"https://h","event_types":["*:x"]}"#, "event_types"),
        (#"{"target_url":"https://h","event_types":["integrated_acount:*"]}"#, "event_types"),
        (#"{"target_url":"https://h","event_types":["integrated_account:actve"]}"#, "event_types"),
        (#"{"target_url":"https://h","event_types":["record:"]}"#, "event_types"),
        (#"{"target_url":"https://h","is_active":"yes"}"#, "is_active"),
    ]) func `a wrong body is refused, naming the member`(body: String, parameter: String) async throws {
        try await Harness.run { harness in
            do {
                let patch = try WebhookPatch(json: try #require(try JSONValue.parse(body).object))
                _ = try await harness.services.webhooks.create(patch, environment: harness.environment)
                Issue.record("it was accepted")
            } catch let error as AccountsError {
                #expect(error.code == .invalid && error.parameter == parameter)
            }
        }
    }

    @Test func `an event reaches those that want it, once, signed`() async throws {
        try await Harness.run { harness in
            let webhooks = harness.services.webhooks
            let account = try await harness.account()
            let made = try await webhooks.create(
                WebhookPatch(targetURL: "https://h.example/a"), environment: harness.environment
            )
            for (types, isActive) in [(["api_token:created"], true), (["all"], false)] {
                _ = try await make(harness, types, isActive: isActive)
            }
            _ = try await make(harness, ["integrated_account:*"])
            _ = try await harness.services.integratedAccounts.update(
                account.id, environment: harness.environment, IntegratedAccountPatch(json: ["tenant_id": "t2"])
            )
            let receiver = Receiver()
            let other = try await harness.otherNode().webhooks
            async let one = webhooks.deliver { try receiver.take($0) }
            async let two = other.deliver { try receiver.take($0) }
            #expect(try await one + two == 2)
            #expect(Set(receiver.got.map(\.url)) == ["https://h.example/a", "https://hooks.example/in"])
            let request = try #require(receiver.got.first { $0.url == "https://h.example/a" })
            let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name.rawName, $0.value) })
            let key = SymmetricKey(data: Array(made.secret.exposed().utf8))
            let hex = Hex.text(HMAC<SHA256>.authenticationCode(for: request.body, using: key))
            #expect(headers["x-truto-signature"] == "format=sha256,v=\(hex)")
            // As the public libraries for Standard Webhooks do it with the secret as it is shown.
            let bytes = try #require(Data(base64Encoded: String(made.secret.exposed().dropFirst("whsec_".count))))
            #expect(bytes.count == 32)
            let signed = "\(headers["webhook-id"] ?? "").\(headers["webhook-timestamp"] ?? "").".utf8 + request.body
            let dated = HMAC<SHA256>.authenticationCode(for: Array(signed), using: SymmetricKey(data: bytes))
            #expect(headers["webhook-signature"] == "v1,\(Data(dated).base64EncodedString())")
            let body = try JSONValue.parse(request.body)
            #expect(body["event"] == "integrated_account:updated" && body["event_type"] == body["event"])
            #expect(body["payload"]?["tenant_id"] == "t2" && body["webhook_id"]?.string == made.webhook.id)
            #expect(headers["webhook-id"] == body["id"]?.string)
            let log = try await webhooks.deliveries(environment: harness.environment).result
            #expect(log.allSatisfy { $0.status == .delivered && $0.lastStatus == 200 && $0.attempts == 1 })
        }
    }

    /// RFC 4231, the second test of HMAC with SHA-256.
    @Test func `signatures are those that others compute`() {
        let headers = WebhookSignature.headers(
            id: "m", body: Array("what do ya want for nothing?".utf8), secret: Secret("Jefe"),
            at: Timestamp(millisecondsSinceEpoch: 1_614_265_330_999)
        )
        let lines = headers.map { "\($0.name.rawName): \($0.value)" }
        #expect(
            lines.contains("x-truto-signature: format=sha256,v=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        #expect(lines.contains("webhook-timestamp: 1614265330"))
    }

    @Test(arguments: ["all", "test", "integrated_account:*", "integrated_account:reactivated", "record:*", "api_token:created"])
    func `an event type of the wire is taken`(type: String) {
        #expect(EventTypes.refusal(of: type) == nil)
    }

    @Test func `a secret from before counts as the text it is`() {
        #expect(WebhookSecret.key(of: "5f0c2f2e-5a0e-4f38") == Array("5f0c2f2e-5a0e-4f38".utf8))
        #expect(WebhookSecret.key(of: "whsec_AAEC/w==") == [0, 1, 2, 255])
    }

    @Test func `what fails is tried again, later each time, and then given up`() async throws {
        try await Harness.run { harness in
            let webhooks = harness.services.webhooks
            let receiver = Receiver()
            receiver.responses(500, nil, 302, 404)
            let id = try await make(harness).id
            try await webhooks.test(id, environment: harness.environment)
            var waits: [Double] = []
            for attempt in 1...4 {
                #expect(try await webhooks.deliver { try receiver.take($0) } == 1, "attempt \(attempt)")
                #expect(try await webhooks.deliver { try receiver.take($0) } == 0)
                let entry = try #require(try await webhooks.deliveries(environment: harness.environment).result.first)
                #expect(entry.attempts == Int64(attempt))
                #expect(
                    entry.lastError
                        == [
                            "the receiver answered with status 500", "connection refused",
                            "the receiver answered with status 302", "the receiver answered with status 404",
                        ][attempt - 1])
                #expect(entry.status == (attempt == 4 ? .failed : .pending))
                guard let next = entry.nextAttemptAt else { break }
                let wait = Double(next.millisecondsSinceEpoch - harness.world.effects.now().millisecondsSinceEpoch) / 1000
                waits.append(wait)
                harness.world.pass(seconds: wait)
            }
            #expect(waits.count == 3 && waits == waits.sorted())
            #expect(Set(receiver.got.map { $0.headers.first { $0.name.rawName == "webhook-id" }?.value }).count == 1)
        }
    }

    @Test(
        arguments: [
            (Int64(0), UInt8(0), nil), (1, 0, 8), (1, 255, 12), (2, 0, 48), (2, 255, 72), (3, 0, 288), (3, 255, 432),
            (4, 0, nil), (5, 0, nil),
        ] as [(Int64, UInt8, Int64?)]) func `the schedule`(attempts: Int64, chance: UInt8, delay: Int64?)
    {
        #expect(WebhookRetry.delay(afterAttempts: attempts, chance: chance) == delay)
    }

    @Test func `a node that dies with a delivery in hand loses none`() async throws {
        try await Harness.run { harness in
            let webhooks = harness.services.webhooks
            try await webhooks.test(try await make(harness).id, environment: harness.environment)
            let now = harness.world.effects.now()
            let claimed = try await harness.store.claimDeliveries(now: now, until: now.adding(seconds: 60), limit: 9)
            #expect(claimed.count == 1)
            let receiver = Receiver()
            #expect(try await webhooks.deliver { try receiver.take($0) } == 0)
            harness.world.pass(seconds: 60)
            #expect(try await webhooks.deliver { try receiver.take($0) } == 1)
            // The first one comes back to life: what it has to say is out of date.
            let isWritten = try await harness.store.recordAttempt(claimed[0], claimedUntil: now.adding(seconds: 60))
            #expect(!isWritten)
            #expect(try await webhooks.purge() == 0)
            harness.world.pass(seconds: 31 * 86_400)
            #expect(try await webhooks.purge() == 1)
        }
    }
}
