import Catalog
import JSON

/// Whether a call says whose the file is.
enum RecordReference {
    private static let names = ["candidate", "application"]

    /// Whether the method knows candidates or applications at all.
    static func isKnown(to method: UnifiedMethod) -> Bool {
        (method.query + method.body).contains { parameter in
            names.contains { parameter.name == $0 || parameter.name == $0 + "_id" }
        }
    }

    /// Whether one of `candidate_id`, `candidate[id]`, `application_id`, `application[id]` is in the query or the body.
    static func isGiven(body: JSONObject?, query: JSONObject) -> Bool {
        [body ?? [:], query].contains { object in
            names.contains { name in
                [object[name + "_id"], object[name + ".id"], object[name]?["id"]].contains { value in
                    guard let value else { return false }
                    return !value.isNull && value != ""
                }
            }
        }
    }
}
