import Accounts

extension AccountServices {
    /// - Parameter environment: nil: any.
    /// - Throws: where there is no such account.
    func requireAccount(_ id: String, environment: String?) async throws {
        var places = [environment].compactMap(\.self)
        if places.isEmpty { places = try await environments.list().result.map(\.id) }
        for environment in places {
            do throws(AccountsError) {
                _ = try await integratedAccounts.get(id, environment: environment)
                return
            } catch {
                guard error.code == .notFound else { throw error }
            }
        }
        let place = environment == nil ? "" : " in this environment"
        throw CommandError("There is no integrated account '\(id)'\(place)", do: "See 'attache account list'")
    }
}
