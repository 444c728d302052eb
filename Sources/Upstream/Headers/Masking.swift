public import HTTPTypes

/// Copies of requests and answers that may be shown or logged.
public struct Masking: Sendable {
    public static let mask = "***"

    private let secrets: [String]
    private let fieldNames: Set<String>

    /// - Parameters:
    ///   - secrets: values to remove wherever they stand, also percent-encoded; those under four bytes are left, as
    ///     removing them would garble everything else.
    ///   - fields: header fields that are credentials, besides the well-known ones.
    public init(secrets: [String] = [], fields: Set<HTTPField.Name> = []) {
        let long = secrets.filter { $0.utf8.count >= 4 }
        // Longest first: a secret that contains another one must not leave its rest behind.
        self.secrets = Set(long + long.map(Self.percentEncoded)).sorted { $0.utf8.count > $1.utf8.count }
        fieldNames = Self.credentialFields.union(fields.map(\.canonicalName))
    }

    /// `fields` with credentials replaced; of an `Authorization` its scheme stays.
    public func masked(_ fields: HTTPFields) -> HTTPFields {
        HTTPFields(
            fields.map { field in
                guard fieldNames.contains(field.name.canonicalName) else {
                    return HTTPField(name: field.name, value: masked(field.value))
                }
                let words = field.value.split(separator: " ", maxSplits: 1)
                let hasScheme = field.name == .authorization && words.count == 2
                return HTTPField(name: field.name, value: hasScheme ? "\(words[0]) \(Self.mask)" : Self.mask)
            }
        )
    }

    /// `url` without the values of query parameters that are credentials by name, and without known secrets.
    public func masked(url: String) -> String {
        guard let question = url.firstIndex(of: "?") else { return masked(url) }
        let pairs = url[url.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
        let query = pairs.map { pair -> String in
            guard let equals = pair.firstIndex(of: "="), Self.isCredential(parameter: pair[..<equals]) else {
                return String(pair)
            }
            return "\(pair[...equals])\(Self.mask)"
        }
        return masked("\(url[...question])\(query.joined(separator: "&"))")
    }

    /// `text` without known secrets.
    public func masked(_ text: String) -> String {
        secrets.reduce(text) { $0.split(separator: $1, omittingEmptySubsequences: false).joined(separator: Self.mask) }
    }

    private static let credentialFields: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey", "x-auth-token",
        "x-access-token", "x-csrf-token", "x-amz-security-token", "www-authenticate",
    ]

    private static func isCredential(parameter: Substring) -> Bool {
        let name = parameter.lowercased()
        return ["token", "secret", "password", "signature", "api_key", "apikey", "api-key", "credential"]
            .contains { name.contains($0) } || ["key", "sig", "code"].contains(name)
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { out, byte in
            let isUnreserved = byte.isDigit || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte)
            if isUnreserved {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                out += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
    }
}
