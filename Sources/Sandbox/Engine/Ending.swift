import JSON

/// Why an expression ended before its end.
enum Ending: Error {
    /// `$fail`, and what the engine itself refuses.
    case failure(String, JSONValue)
    /// `$respond`.
    case response(status: Int, body: JSONValue?, headers: JSONObject)
    /// The sandbox's own expression is at fault.
    case broken(String)

    static func invalid(_ parameter: String, _ value: JSONValue?, _ reason: String) -> Ending {
        .failure("invalid", ["parameter": .string(parameter), "value": value ?? .null, "reason": .string(reason)])
    }
}

/// What is sent back.
struct Reply {
    enum Content {
        case none
        case value(JSONValue, BodyFormat)
        case text(String, BodyFormat)
        case file(StoredFile, RouteSpec.Disposition)
    }

    var status: Int
    var headers: [(String, String)] = []
    var content = Content.none
    var contentType: String?
}
