import Catalog
import JSON
import NIOHTTP1
import Sandbox
import Testing

/// What every vendor of the catalog is answered like when something is wrong.
@Suite(.serialized) struct ContractFaultTests {
    @Test(arguments: ContractTests.vendors)
    func `wrong credentials are 401, and the account has to be connected again`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let account = try await contract.connect(contract.wrong)
            let response = try await contract.anyCall(account: account)
            #expect(response.status == 401, "\(vendor): \(response.json.text())")
            let after = try await contract.gateway.call(.GET, "/integrated-account/\(account)")
            #expect(after.json["status"] == "needs_reauth", "\(vendor): \(after.json.text())")
        }
    }

    /// A user to act as is what a call may give in `remote_query` unless the account has it.
    @Test(arguments: ContractTests.vendors)
    func `an account without a user to act as is refused until the call names one`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            for parameter in contract.plans["create"]?.unifiedMethod.query ?? []
            where parameter.conditionallyRequired != nil && parameter.name.hasPrefix("remote_query[") {
                let name = String(parameter.name.dropFirst("remote_query[".count).dropLast())
                guard let user = contract.usual.context[name]?.string else { continue }
                var nobody = contract.usual
                nobody.context[name] = nil
                let account = try await contract.connect(nobody)
                let refused = try await contract.anyCall(account: account)
                #expect((400..<500).contains(refused.status), "\(vendor): \(refused.json.text())")
                #expect(refused.json["message"]?.string?.contains(name) == true, "\(vendor): \(refused.json.text())")
                let taken = try await contract.anyCall(account: account, extra: [(parameter.name, user)])
                #expect(taken.status == 200, "\(vendor): \(taken.json.text())")
            }
        }
    }

    @Test(arguments: ContractTests.vendors)
    func `rates, errors and outages of the vendor are told apart`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            // Sessions and tokens are there from here on: what comes is about the call itself.
            let first = try await contract.anyCall()
            #expect(first.status == 200, "\(vendor): \(first.json.text())")

            try await contract.gateway.behave([
                "match": [:], "times": 20, "do": ["status": 429, "headers": ["Retry-After": "7"], "body": "{}"],
            ])
            let limited = try await contract.anyCall()
            #expect(limited.status == 429, "\(vendor): \(limited.json.text())")
            #expect(limited.headers.first(name: "retry-after").flatMap { Int($0) } != nil, "\(vendor): \(limited.headers)")
            try await contract.gateway.behaveWell()

            // Each of these closes its connection. One kept open would end under the call that comes next,
            // and what became of that call nobody could tell.
            try await contract.gateway.behave([
                "match": [:], "times": 20, "do": ["status": 500, "headers": ["Connection": "close"], "body": "{}"],
            ])
            let failed = try await contract.anyCall()
            #expect(failed.status == 500, "\(vendor): \(failed.json.text())")
            #expect(failed.json["code"] == "remote_error", "\(vendor): \(failed.json.text())")
            try await contract.gateway.behaveWell()

            await contract.gateway.sandbox.shutdown()
            let down = try await contract.anyCall()
            #expect(down.status == 502, "\(vendor): \(down.json.text())")
            #expect(down.json["code"] == "provider_unreachable", "\(vendor): \(down.json.text())")
        }
    }
}
