import HTTPTypes

/// Where redirects lead (RFC 9110 §15.4), and what must not go along.
enum Redirect {
    static let statuses: Set<Int> = [301, 302, 303, 307, 308]

    /// The absolute URL that `location` names as seen from `base` (RFC 3986 §5.2).
    ///
    /// - Throws: `UpstreamError`, also when it would leave https for http.
    static func target(of location: String, from base: TargetURL) throws(UpstreamError) -> TargetURL {
        // Nothing but a fragment names the place that it was read at.
        guard let first = location.first, first != "#" else { return base }
        let target: TargetURL
        if location.hasPrefix("//") {
            target = try TargetURL("\(base.scheme.rawValue):\(location)")
        } else if hasScheme(location) {
            target = try TargetURL(location)
        } else {
            let path = base.requestTarget.prefix { $0 != "?" }
            let query = location.hasPrefix("?")
            let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
            let joined = location.hasPrefix("/") ? location : query ? path + location : folder + location
            let origin = TargetURL(scheme: base.scheme, host: base.host, port: base.port, requestTarget: "")
            target = try TargetURL("\(origin)\(withoutDotSegments(joined))")
        }
        guard base.scheme == .http || target.scheme == .https else {
            throw .egressRefused(host: target.hostText, "a redirect must not leave https")
        }
        return target
    }

    static func withoutCredentials(_ fields: HTTPFields, further: Set<HTTPField.Name>) -> HTTPFields {
        let named: Set<HTTPField.Name> = [.authorization, .cookie, .proxyAuthorization]
        return HTTPFields(fields.filter { !named.contains($0.name) && !further.contains($0.name) })
    }

    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        return !text[..<colon].contains { $0 == "/" || $0 == "?" || $0 == "#" }
    }

    private static func withoutDotSegments(_ target: String) -> String {
        let end = target.firstIndex { $0 == "?" || $0 == "#" } ?? target.endIndex
        var kept: [Substring] = []
        let segments = target[..<end].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + target[end...]
    }
}
