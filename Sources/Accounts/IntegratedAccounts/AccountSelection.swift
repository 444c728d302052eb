package import JSON

/// Which accounts are to go (`POST /integrated-account/bulk-delete`): those of a list, or all of one tenant.
package enum AccountSelection: Sendable, Hashable {
    case ids([String])
    case tenant(String)

    /// The most ids of one call.
    package static let largestCount = 1000

    /// Reads the body: `ids` or `tenant_id`, one of them. Whoever sends both may mean less than either.
    ///
    /// - Throws: `.invalid` naming the member.
    package init(json: JSONObject) throws(AccountsError) {
        let tenant = try BodyReader(json).text("tenant_id")
        guard let ids = json["ids"], !ids.isNull else {
            guard let tenant, !tenant.isEmpty else { throw .invalid("ids", "ids or tenant_id is required") }
            self = .tenant(tenant)
            return
        }
        guard tenant == nil else { throw .invalid("tenant_id", "send ids or tenant_id, not both") }
        let texts = ids.array?.compactMap(\.string) ?? []
        guard (1...Self.largestCount).contains(texts.count), texts.count == ids.array?.count else {
            throw .invalid("ids", "ids must be a list of 1 to \(Self.largestCount) strings")
        }
        self = .ids(texts)
    }
}
