import Storage

extension IntegratedAccountService {
    /// Deletes the accounts of a selection in one transaction. Ids of nothing, or of another environment, are passed over.
    ///
    /// - Returns: the accounts that are gone, as they last were.
    public func delete(
        _ selection: AccountSelection, environment: String
    ) async throws(AccountsError) -> [IntegratedAccount] {
        let known: [IntegratedAccount]
        let deleted: Set<String>
        switch selection {
        case .ids(let ids):
            known = try await all(Filter(.id, .in, ids), environment)
            deleted = Set(try await delete(ids, environment: environment))
        case .tenant(let tenant):
            known = try await all(Filter(.tenantID, .eq, [tenant]), environment)
            deleted = Set(try await delete(tenant: tenant, environment: environment))
        }
        return known.filter { deleted.contains($0.id) }
    }

    private func all(_ filter: Filter<AccountField>, _ environment: String) async throws(AccountsError) -> [IntegratedAccount] {
        var query = ListQuery(filters: [filter])
        var found: [IntegratedAccount] = []
        repeat {
            let page = try await list(query, environment: environment)
            found += page.result
            query.cursor = page.nextCursor
        } while query.cursor != nil
        return found
    }
}
