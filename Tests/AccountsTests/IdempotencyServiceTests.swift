import HTTPTypes
import JSON
import Storage
import Synchronization
import Testing
import TestSupport

@testable import Accounts

/// A write with a key is carried out once, through crashes and concurrent calls (docs/wire.md#idempotency).
@Suite(.timeLimit(.minutes(5))) struct IdempotencyServiceTests {
    static let key = IdempotencyKey("6f1c2f0e")!
    static let response = StoredResponse(
        status: 201, headers: [.contentType: "application/json"], body: Array(#"{"id":"canary-answer"}"#.utf8))

    private func scope(_ harness: Harness, account: String = "a") -> IdempotencyService.Scope {
        .init(account: account, environment: harness.environment, method: "POST", path: "/unified/ats/attachments")
    }

    private func mine(_ claim: IdempotencyService.Claim) throws -> IdempotentWrite {
        guard case .mine(let write) = claim else { throw NotMine(claim: "\(claim)") }
        return write
    }

    private struct NotMine: Error { let claim: String }

    /// Where in a call the node dies.
    enum Death: CaseIterable, Sendable {
        case beforeSending, beforeTheProviderStored, afterTheProviderStored, afterTheEnd, never
    }

    @Test(arguments: Death.allCases)
    func `wherever a node dies, the provider stores at most once`(death: Death) async throws {
        try await Harness.run { harness in
            var service = harness.services.idempotency
            service.leaseSeconds = 1
            var other = try await harness.otherNode().idempotency
            other.leaseSeconds = 1
            let stored = Counter()

            let write = try mine(try await service.claim(Self.key, scope(harness)))
            attempt: do {
                if death == .beforeSending { break attempt }
                try await write.sends()
                if death == .beforeTheProviderStored { break attempt }
                stored.add()
                if death == .afterTheProviderStored { break attempt }
                try await write.ended(.answered, fingerprint: "f", response: Self.response)
            }
            if death != .never { write.lease.abandon() }

            var claim = try await other.claim(Self.key, scope(harness))
            while case .running = claim {
                try await Task.sleep(for: .milliseconds(50))
                claim = try await other.claim(Self.key, scope(harness))
            }
            switch (death, claim) {
            case (.beforeSending, .mine(let second)):
                try await second.sends()
                stored.add()
                try await second.ended(.answered, fingerprint: "f", response: Self.response)
            case (.beforeTheProviderStored, .unknown), (.afterTheProviderStored, .unknown): break
            case (.afterTheEnd, .done(let fingerprint, let kept)), (.never, .done(let fingerprint, let kept)):
                #expect(fingerprint == "f" && kept.status == 201 && kept.body == Self.response.body)
                #expect(kept.headers.map(\.name.rawName) == ["content-type"])
            default: Issue.record("after a death \(death) the key says \(claim)")
            }
            #expect(stored.count == (death == .beforeTheProviderStored ? 0 : 1))
        }
    }

    @Test func `of many at once one goes ahead`() async throws {
        try await Harness.run { harness in
            let nodes = [harness.services.idempotency, try await harness.otherNode().idempotency]
            let scope = scope(harness)
            let claims = try await withThrowingTaskGroup(of: IdempotencyService.Claim.self) { group in
                for index in 0..<40 { group.addTask { try await nodes[index % 2].claim(Self.key, scope) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let writes = claims.compactMap { claim in if case .mine(let write) = claim { write } else { nil } }
            #expect(writes.count == 1)
            #expect(claims.allSatisfy { if case .mine = $0 { true } else if case .running = $0 { true } else { false } })
            for write in writes { try await write.ended(.refused, fingerprint: nil) }
        }
    }

    @Test func `who lost the key in a long pause sends nothing`() async throws {
        try await Harness.run { harness in
            var service = harness.services.idempotency
            service.leaseSeconds = 1
            let paused = try mine(try await service.claim(Self.key, scope(harness)))
            paused.lease.abandon()
            var claim = try await service.claim(Self.key, scope(harness))
            while case .running = claim {
                try await Task.sleep(for: .milliseconds(50))
                claim = try await service.claim(Self.key, scope(harness))
            }
            try await mine(claim).sends()
            await expect(.inUse) { try await paused.sends() }
        }
    }

    @Test func `a key is forgotten after a day, a refusal at once`() async throws {
        try await Harness.run { harness in
            let service = harness.services.idempotency
            let refused = try mine(try await service.claim(Self.key, scope(harness)))
            try await refused.sends()
            try await refused.ended(.refused, fingerprint: "f")

            let write = try mine(try await service.claim(Self.key, scope(harness)))
            try await write.sends()
            try await write.ended(.answered, fingerprint: "f", response: Self.response)
            harness.world.pass(seconds: 86_399)
            guard case .done = try await service.claim(Self.key, scope(harness)) else {
                Issue.record("it was forgotten too early")
                return
            }
            harness.world.pass(seconds: 1)
            let again = try mine(try await service.claim(Self.key, scope(harness)))
            try await again.sends()
            try await again.ended(.answered, fingerprint: "g", response: Self.response)

            harness.world.pass(seconds: 86_400)
            #expect(try await service.purge() == 1)
            #expect(try await harness.store.sealedKeyIDs() == [])
        }
    }

    @Test func `a response is kept encrypted, for its account alone, and not beyond a size`() async throws {
        try await Harness.run { harness in
            let service = harness.services.idempotency
            let write = try mine(try await service.claim(Self.key, scope(harness)))
            try await write.sends()
            try await write.ended(.answered, fingerprint: "f", response: Self.response)
            let name = Self.key.name(account: "a", method: "POST", path: "/unified/ats/attachments")
            let sealed = try #require(try await harness.store.sealed(name, field: EncryptedRecord.secretsField))
            #expect(!sealed.envelope.contains("canary-answer"))
            let other = try mine(try await service.claim(Self.key, scope(harness, account: "b")))
            try await other.sends()
            let large = StoredResponse(status: 200, headers: [:], body: [UInt8](repeating: 0, count: StoredResponse.largestBody + 1))
            try await other.ended(.answered, fingerprint: "f", response: large)
            guard case .done(_, let kept) = try await service.claim(Self.key, scope(harness, account: "b")) else {
                Issue.record("it was not kept")
                return
            }
            #expect(kept.status == 200 && kept.body == nil)
        }
    }
}
