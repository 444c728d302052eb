import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// The wire stays as it is, byte for byte. `ATTACHE_RECORD_CORPUS=1 script/test CorpusTests` records it anew.
@Suite(.serialized) struct CorpusTests {
    @Test(arguments: ContractTests.vendors)
    func `attachments of every vendor`(vendor: String) async throws {
        try await VendorContract.run(vendor, options: FixedEffects.sandbox(), effects: FixedEffects().effects) { contract in
            try await Corpus.run("vendor-\(vendor)", contract.gateway) { try await Self.attachments(contract, $0) }
        }
    }

    private static func attachments(_ contract: VendorContract, _ corpus: Corpus) async throws {
        let account = "integrated_account_id=\(contract.gateway.accountID)"
        let targets = contract.targets.map { "&\($0.name)=\($0.value)" }.joined()
        let listed = contract.listTargets.map { "&\($0.name)=\($0.value)" }.joined()
        let path = "/unified/ats/attachments"
        try await corpus.call(.GET, "\(path)?\(account)\(listed)&limit=3")
        try await corpus.call(.GET, "\(path)?\(account)\(listed)&limit=2&truto_response_format=normalized")
        try await corpus.call(.GET, "\(path)?\(account)\(listed)&limit=3&truto_key_by=id&truto_ignore_remote_data=true")
        guard contract.offers("create"), !contract.isFetched else { return }
        let file = try contract.file("corpus", size: 60)
        let fields = contract.targets + contract.remoteFields.map { (name: "remote_data[\($0)]", value: "Sandbox") }
        let form = Form(
            fields.map { .field($0.name, $0.value) }
                + [.file("file", name: file.name, type: file.type, bytes: Array(buffer: file.bytes))])
        let created = try await corpus.call(
            .POST, "\(path)?\(account)&truto_exclude_fields=updated_at", [("content-type", form.contentType)], body: form.body)
        guard let id = created.json["id"]?.string, !id.isEmpty else { return }
        let item = "\(path)/\(VendorContract.escaped(id))?\(account)\(targets)"
        let found = try await corpus.call(.GET, item)
        let url = (found.json["file_url"]?.string ?? created.json["file_url"]?.string).map { "&file_url=\(VendorContract.escaped($0))" }
        try await corpus.call(.POST, "\(path)/download?\(account)\(targets)&id=\(VendorContract.escaped(id))\(url ?? "")")
        try await corpus.call(.DELETE, item)
        try await corpus.call(.GET, item)
    }

    @Test func `formats and parameters`() async throws {
        try await TestGateway.run(sandboxOptions: FixedEffects.sandbox(), effects: FixedEffects().effects) { gateway in
            try await Corpus.run("formats", gateway) { corpus in
                let path = "/unified/ats/attachments"
                let account = "?integrated_account_id=\(gateway.accountID)"
                let whose = "\(account)&candidate_id=\(LeverSeed.opportunityWithFiles)"
                for parameter in Self.parameters { try await corpus.call(.GET, "\(path)\(whose)&\(parameter)") }
                let pages = try await corpus.call(.GET, "\(path)\(whose)&limit=1")
                let cursor = pages.json["next_cursor"]?.string ?? ""
                try await corpus.call(.GET, "\(path)\(whose)&limit=1&next_cursor=\(cursor)")
                for format in ["unified", "normalized", "raw", "stream", "debug"] {
                    let form = Form(Form.resume)
                    let query = "\(account)&truto_response_format=\(format)"
                    let response = try await corpus.call(
                        .POST, path + query, [("content-type", form.contentType)], body: form.body)
                    let id = response.json["id"]?.string ?? pages.json["result"]?.array?.first?["id"]?.string ?? ""
                    try await corpus.call(.GET, "\(path)/\(id)\(whose)&truto_response_format=\(format)")
                    try await corpus.call(.HEAD, "\(path)/\(id)\(whose)&truto_response_format=\(format)")
                }
                try await corpus.call(.HEAD, "\(path)\(whose)")
            }
        }
    }

    static let parameters = [
        "truto_response_format=unified", "truto_response_format=normalized", "truto_response_format=raw",
        "truto_response_format=stream", "truto_response_format=debug", "truto_key_by=id", "truto_key_by=file_name",
        "truto_key_by=nothing", "truto_key_by=candidate", "truto_exclude_fields=id,remote_data",
        "truto_exclude_fields[]=file_url", "truto_ignore_remote_data=true", "truto_ignore_limit=true&limit=1",
        "truto_response_format=normalized&truto_key_by=id", "truto_response_format=normalized&truto_exclude_fields=id",
        "truto_response_format=debug&truto_key_by=id&truto_ignore_remote_data=1", "limit=100", "remote_query[x]=1",
        "created_at[gt]=2020-01-01", "created_at[gt]=2030-01-01",
        "truto_response_format=csv", "limit=0", "limit=x", "next_cursor=%21", "created_at=yesterday", "remote_query=1",
    ]

    @Test func `bad input`() async throws {
        try await TestGateway.run(sandboxOptions: FixedEffects.sandbox(), effects: FixedEffects().effects) { gateway in
            try await Corpus.run("bad-input", gateway) { corpus in
                for row in BadInputTests.rows where row.query.count < 500 {
                    try await corpus.call(
                        .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(row.query)",
                        [("content-type", row.type)], body: ByteBuffer(string: row.body))
                }
            }
        }
    }

    @Test func `platform routes`() async throws {
        try await TestGateway.run(sandboxOptions: FixedEffects.sandbox(), effects: FixedEffects().effects) { gateway in
            try await Corpus.run("platform", gateway) { corpus in
                for path in Self.platform { try await corpus.call(.GET, path) }
                for path in ["/ping", "/integrated-account", "/nothing"] {
                    try await corpus.call(.HEAD, path)
                    try await corpus.call(.GET, path, authorization: nil)
                    try await corpus.call(.GET, path, authorization: "Bearer nobody")
                    try await corpus.call(.DELETE, path)
                }
                let account = "/integrated-account/\(gateway.accountID)"
                try await corpus.call(.GET, account)
                try await corpus.send(.PATCH, account, #"{"context":{"colour":"green"}}"#)
                try await corpus.send(.PATCH, account, #"{"version":1,"context":{"size":4}}"#)
                for body in ["{}", "[]", "{", #"{"tenant_id":1}"#, #"{"tenant_id":"t","integration":"nowhere"}"#] {
                    try await corpus.send(.POST, "/integrated-account", body)
                }
                let made = try await corpus.send(
                    .POST, "/integrated-account",
                    #"{"tenant_id":"t","integration":"lever","authentication_method":"api_key","context":{"api_key":"k","perform_as":"11111111-1111-4111-8111-111111111111"}}"#
                )
                let id = made.json["id"]?.string ?? ""
                try await corpus.call(.DELETE, "/integrated-account/\(id)")
                try await corpus.call(.GET, "/integrated-account/\(id)")
                try await corpus.send(.POST, "/link-token", #"{"tenant_id":"t","integration":"lever"}"#)
            }
        }
    }

    /// None that shows definitions, which grow.
    static let platform = [
        "/health", "/health/live", "/health/ready", "/ping", "/integrated-account", "/integrated-account?limit=1",
        "/integrated-account?limit=0", "/integration/nothing", "/environment-integration", "/unified-model/nothing",
        "/environment-unified-model", "/environment", "/api-token", "/webhook", "/webhook-delivery", "/audit",
        "/nothing", "/unified/crm/contacts", "/unified/ats/attachments", "/unified/ats/attachments?integrated_account_id=x",
        "/unified/ats/nothing?integrated_account_id=x",
    ]
}
