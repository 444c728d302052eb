import Catalog
import JSON
import Sandbox

/// The call that `attache dev` prints: an upload where the vendor takes files, else a list of candidates.
struct DevExample: Sendable {
    /// What the upload belongs to, `candidate_id` and the like, records of the sandbox; and what the vendor asks for
    /// besides.
    private(set) var targets: [(name: String, value: String)] = []
    /// nil where the vendor takes no files, or its sandbox names no record for them.
    private(set) var fileName: String?

    /// - Parameter account: the sandbox's own, for which the call is made.
    init(_ sandbox: SandboxServer, _ account: SandboxAccount, _ catalog: Catalog) throws {
        let entries = try Coverage(catalog, integration: sandbox.vendor).entries
        guard let entry = entries.first(where: { $0.resource == "attachments" && $0.method == "create" }) else { return }
        let plan = try catalog.plan(model: "ats", resource: "attachments", method: "create", integration: sandbox.vendor)
        let known = ["candidate", "application", "job"].compactMap { name in
            sandbox.target(name).map { (name: "\(name)_id", value: $0) }
        }
        var named = known.filter { $0.name == "candidate_id" }
        for anyOf in plan.unifiedMethod.requires where !named.contains(where: { anyOf.contains($0.name) }) {
            guard let target = known.first(where: { anyOf.contains($0.name) }) else { return }
            named.append(target)
        }
        guard !named.isEmpty else { return }
        targets =
            named
            + plan.unifiedMethod.remoteFields.filter { account.context[$0] == nil }
            .map { (name: "remote_data[\($0)]", value: "Sandbox") }
        let types = entry.acceptedTypes ?? []
        fileName = types.isEmpty || types.contains(".txt") ? "cv.txt" : "cv.pdf"
    }

    /// Lines for a shell that has `ATTACHE_URL`, `ATTACHE_TOKEN` and `ATTACHE_ACCOUNT`.
    var lines: [String] {
        guard let fileName else {
            return [
                "",
                #"curl "$ATTACHE_URL/unified/ats/candidates?integrated_account_id=$ATTACHE_ACCOUNT" \"#,
                #"  -H "Authorization: Bearer $ATTACHE_TOKEN""#,
            ]
        }
        let candidate = targets.first { $0.name == "candidate_id" }
        let fields = targets.map { target in
            "-F \"\(target.name)=\(target.name == candidate?.name ? "$ATTACHE_CANDIDATE" : target.value)\""
        }
        return [
            candidate.map { "export ATTACHE_CANDIDATE=\($0.value)\n" } ?? "",
            #"echo "Ada Nym, engineer" | curl "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \"#,
            #"  -H "Authorization: Bearer $ATTACHE_TOKEN" \#(fields.joined(separator: " ")) -F "file=@-;filename=\#(fileName)""#,
        ]
    }
}
