/// What a request's body is taken for, by its media type.
enum BodyKind: Sendable {
    case form, json, xml, urlencoded, raw

    init(mediaType: String) {
        switch mediaType {
        case "multipart/form-data": self = .form
        case "application/x-www-form-urlencoded": self = .urlencoded
        // Clients that leave the type out mostly mean JSON.
        case "application/json", "": self = .json
        case "application/xml", "text/xml": self = .xml
        case let type where type.hasSuffix("+json"): self = .json
        case let type where type.hasSuffix("+xml"): self = .xml
        default: self = .raw
        }
    }
}
