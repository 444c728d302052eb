import Accounts
import Catalog
import JSON
import Testing

@testable import Unified

/// Whether an account's context has what its way of signing in requires.
@Suite struct CompletenessTests {
    private static let vendor = TestVendor(
        calls: "  things: {list: {path: /things}}", mapping: "  things: {list: {}}")

    @Test(
        arguments: [
            (["api_key": "k"], [:], .active), (["api_key": "k", "site": ""], [:], .active), ([:], [:], .incomplete),
            (["api_key": ""], [:], .incomplete), (["api_key": nil, "site": "s"], [:], .incomplete),
            ([:], ["api_key": "k"], .active), (["api_key": ""], ["api_key": "k"], .active),
            (["api_key": "k"], ["api_key": ""], .incomplete), (["api_key": "k"], ["site": "s"], .active),
        ] as [(JSONObject, JSONObject, AccountStatus)])
    func `an account is incomplete while a required field is nothing, what is added lying over the rest`(
        context: JSONObject, added: JSONObject, status: AccountStatus
    ) throws {
        let integration = try Self.vendor.catalog().integration("vendor")
        #expect(integration.status(of: context, adding: added, method: "api_key") == status)
        let whole = added.reduce(into: context) { $0[$1.key] = $1.value }
        #expect(integration.isComplete("api_key")(whole) == (status == .active))
    }

    @Test func `a way of signing in that the definition does not have requires nothing`() throws {
        #expect(try Self.vendor.catalog().integration("vendor").status(of: [:], method: "oauth2") == .active)
    }
}
