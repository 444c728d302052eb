package import Accounts
package import Catalog
package import JSON

extension Integration {
    /// The status of an account that works, by its context: `incomplete` while a required field is to be chosen.
    ///
    /// - Parameter added: lies over the context.
    package func status(of context: JSONObject, adding added: JSONObject = [:], method: String) -> AccountStatus {
        let context = added.reduce(into: context) { $0[$1.key] = $1.value }
        return credential(method)?.missingFields(in: context).isEmpty == false ? .incomplete : .active
    }

    /// Whether a context has all that a way of signing in requires.
    package func isComplete(_ method: String) -> @Sendable (JSONObject) -> Bool {
        { [self] context in status(of: context, method: method) == .active }
    }
}
