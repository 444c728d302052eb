import Accounts
import JSON
import Storage
import StorageTestSupport
import Testing

/// Events that wait in the database for a gateway.
@Suite(.timeLimit(.minutes(5))) struct LateEventTests {
    @Test(arguments: StoreKind.tested)
    func `what a process did not live to send is sent by the next that starts`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await EventReceiver.run { receiver, port in
                let store = try await SQLStore.open(try #require(DatabaseLocation(address)), now: Effects.live.now())
                let (ring, _) = try KeyRing.load(variable: Secret(TestCluster.key), file: nil)
                // Services that nothing sends for, as those of a process that ends right after the change.
                let accounts = try await AccountServices(store: store, vault: Vault(ring: ring))
                let environment = try await accounts.environments.create(name: "Earlier").id
                _ = try await accounts.webhooks.create(
                    WebhookPatch(targetURL: "http://127.0.0.1:\(port)/in"), environment: environment, allowsHTTP: true)
                let account = try await accounts.integratedAccounts.create(
                    NewIntegratedAccount(
                        tenantID: "acme", installation: .integration("lever"), authenticationMethod: "api_key",
                        context: Secret(["api_key": "some-key", "perform_as": .string(TestGateway.performAs)])),
                    environment: environment)
                try await accounts.integratedAccounts.delete(account.id, environment: environment)
                try store.close()

                let gateway = try await ServeProcess.start(
                    database: address, key: TestCluster.key, egressAllow: "127.0.0.1:\(port)")
                defer { gateway.killHard() }
                let events = try await receiver.wait(for: 3)
                #expect(
                    Set(events.map { $0.json["event"]?.string }) == [
                        "integrated_account:created", "integrated_account:active", "integrated_account:deleted",
                    ])
                #expect(events.allSatisfy { $0.json["payload"]?["id"]?.string == account.id })
            }
        }
    }
}
