import Catalog
import JSON
import NIOHTTP1
import Sandbox
import Storage
import Testing

/// Links to files of which it is not known whether they take credentials.
@Suite(.timeLimit(.minutes(3))) struct OwnHostTests {
    /// Of the two names of this machine the definition's is the one.
    @Test(
        arguments: [("breezy", "authorization"), ("pinpoint", "x-api-key"), ("recruitee", "authorization"), ("gem", "x-api-key")],
        ["127.0.0.1", "localhost"])
    func `have credentials at the vendor's own host alone`(vendor: (String, String), host: String) async throws {
        let (name, field) = vendor
        let isOwn = host == "127.0.0.1"
        try await TestGateway.run(
            sandbox: .named(name), holes: ["localhost"], connecting: { try VendorContract.account($0, $1, name) },
            overrides: OverrideRules(hosts: ["127.0.0.1"])
        ) { gateway in
            let path = "/_files/none"
            try await gateway.behave([
                "match": ["path": .string(path)], "times": 1, "do": ["status": 401, "body": "{}"],
            ])
            let url = gateway.sandbox.baseURL.replacing("127.0.0.1", with: host) + path
            let response = try await gateway.call(
                .POST, "/unified/ats/attachments/download?integrated_account_id=\(gateway.accountID)&file_url=\(url)")
            #expect(response.status == 401, "\(response.json.text())")
            let asked = try await gateway.received().filter { $0["path"]?.string == path }
            #expect(asked.count == 1)
            #expect((asked.first?["headers"]?.object?.keys.contains { $0.lowercased() == field } == true) == isOwn, "\(asked)")
            // Only a refusal by the vendor's own host says something about the account.
            let account = try await gateway.call(.GET, "/integrated-account/\(gateway.accountID)")
            #expect((account.json["status"] == "active") == !isOwn, "\(account.json.text())")
        }
    }
}
