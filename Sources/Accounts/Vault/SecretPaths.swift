package import JSON

/// Which members of a document are secret, as paths of object keys.
package struct SecretPaths: Sendable, Hashable {
    /// Each path's steps. A step `*` stands for every key.
    private let paths: [[String]]

    /// - Parameter paths: dotted paths such as `oauth.token.access_token`.
    package init(_ paths: [String]) {
        self.paths = Set(paths).sorted().map { $0.split(separator: ".").map(String.init) }.filter { !$0.isEmpty }
    }

    private init(steps: [[String]]) { paths = steps }

    /// The credential paths of every account's context, whatever its integration.
    package static let context = SecretPaths([
        "oauth.token.access_token", "oauth.token.refresh_token", "oauth.token.access_token_secret",
        "oauth.token.id_token", "api_key", "api_token", "token", "password", "secret", "client_secret",
        "access_token", "refresh_token", "session",
    ])

    /// The secret members of an override of an integration.
    package static let integrationOverride = SecretPaths([
        "secret_environment_variables", "credentials.config.client.secret", "credentials.*.config.client.secret",
        "credentials.config.client_secret", "credentials.*.config.client_secret",
    ])

    package func union(_ other: SecretPaths) -> SecretPaths {
        SecretPaths(steps: paths + other.paths.filter { !paths.contains($0) })
    }

    /// Whether a document has a value, null included, at one of these paths, above one or below one.
    package func touch(_ document: JSONObject) -> Bool {
        func touches(_ value: JSONValue, _ path: ArraySlice<String>) -> Bool {
            guard let step = path.first, let object = value.object else { return true }
            let members = step == "*" ? object.map(\.value) : [object[step]].compactMap { $0 }
            return members.contains { touches($0, path.dropFirst()) }
        }
        return paths.contains { touches(.object(document), $0[...]) }
    }

    /// The document without its secrets, and the secrets alone, each where it was.
    func split(_ document: JSONObject) -> (open: JSONObject, secret: JSONObject) {
        var (open, secret) = (document, JSONObject())
        for path in paths.flatMap({ Self.resolve($0, in: document) }) {
            guard let value = open[path[...]] else { continue }
            if !value.isNull { secret[path[...]] = value }
            open[path[...]] = nil
        }
        return (open, secret)
    }

    /// The document without what stands at these paths.
    package func openPart(of document: JSONObject) -> JSONObject { split(document).open }

    /// The path with each `*` replaced by the keys that are there.
    private static func resolve(_ path: [String], in document: JSONObject) -> [[String]] {
        guard let star = path.firstIndex(of: "*") else { return [path] }
        guard let object = document[path[..<star]]?.object else { return [] }
        return object.keys.flatMap { key -> [[String]] in
            var path = path
            path[star] = key
            return resolve(path, in: document)
        }
    }

    /// The paths of all values in a document that are no objects: what is secret stays secret when definitions change.
    static func leaves(of document: JSONObject) -> SecretPaths {
        func walk(_ object: JSONObject, _ path: [String]) -> [[String]] {
            object.flatMap { key, value -> [[String]] in
                if let inner = value.object, !inner.isEmpty { return walk(inner, path + [key]) }
                return [path + [key]]
            }
        }
        return SecretPaths(steps: walk(document, []))
    }
}
