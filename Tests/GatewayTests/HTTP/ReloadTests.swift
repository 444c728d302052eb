import JSON
import NIOHTTP1
import Testing
import Upstream

@testable import Gateway

/// Limits that change while the gateway serves.
@Suite struct ReloadTests {
    @Test func `limits of calls and origins of pages are new at the next call`() async throws {
        try await TestGateway.run { gateway in
            let origin = [("origin", "https://app.test")]
            var response = try await gateway.call(.GET, "/ping", headers: origin)
            #expect(response.status == 200 && response.headers["access-control-allow-origin"].isEmpty)
            var configuration = GatewayConfiguration()
            configuration.tokenLimit = RequestLimit(requests: 1, seconds: 600)
            configuration.allowedOrigins = ["https://app.test"]
            gateway.apply(configuration)
            response = try await gateway.call(.GET, "/ping", headers: origin)
            #expect(response.status == 200 && response.headers["access-control-allow-origin"] == ["https://app.test"])
            #expect(try await gateway.call(.GET, "/ping").status == 429)
            gateway.apply(GatewayConfiguration())
            #expect(try await gateway.call(.GET, "/ping").status == 200)
        }
    }

    @Test func `an address that is no longer allowed is not called any more`() async throws {
        try await TestGateway.run { gateway in
            let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
            #expect(try await gateway.call(.GET, path).status == 200)
            let policy = gateway.upstream.egress
            gateway.upstream.setEgress(.standard)
            let refused = try await gateway.call(.GET, path)
            #expect(refused.json["code"] == "egress_refused", "\(refused.json.text())")
            gateway.upstream.setEgress(policy)
            #expect(try await gateway.call(.GET, path).status == 200)
        }
    }

    @Test func `fewer connections may be open from then on`() {
        let limiter = ConnectionLimiter(limit: 100, perPeer: nil)
        #expect(limiter.mayAccept)
        var counts = ConnectionCounts(limit: 2, perPeer: 2)
        let peers = [Peer.v4(1), .v4(2), .v4(3)]
        #expect(counts.opened(peers[0]) == .admitted)
        counts.set(limit: 1, perPeer: 1)
        #expect(counts.opened(peers[1]) == .reserved)
        counts.set(limit: 3, perPeer: 1)
        #expect(counts.opened(peers[2]) == .admitted)
    }
}
