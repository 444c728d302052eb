import JSON

/// A temporary upload (`POST /v1/uploads`).
struct LeverUpload: Sendable {
    /// Uploads can be referenced this long.
    static let lifetime: Int64 = 24 * 60 * 60 * 1000

    /// `<uuid>-<filename>`.
    var id: String
    var filename: String
    var contentType: String?
    var sha256: String
    var expiresAt: Int64
    var bytes: SpooledFile

    /// Here numbers are numbers.
    func json(base: String) -> JSONValue {
        [
            "expiresAt": .integer(expiresAt),
            "filename": .string(filename),
            "id": .string(id),
            "uri": .string("\(base)/v1/uploads/\(FormEncoding.encode(id))"),
            "size": .integer(bytes.size),
        ]
    }
}

/// A stored document: an opportunity's file, or the file of a résumé.
struct LeverDocument: Sendable {
    var id: String
    var name: String
    var contentType: String?
    var sha256: String
    var uploadedAt: Int64
    var bytes: SpooledFile

    /// Formats that Lever takes; others are kept and called unsupported.
    private static let processed: Set = ["docx", "doc", "pdf", "txt"]
    private static let images: Set = ["jpg", "png", "js"]

    /// With the dot; empty when the name has none.
    var dottedExtension: String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return String(name[dot...])
    }

    var status: String {
        let plain = dottedExtension.dropFirst().lowercased()
        return Self.processed.contains(plain) || Self.images.contains(plain) ? "processed" : "unsupported"
    }

    /// In file objects the extension has a dot, and time and size are strings.
    func fileJSON(opportunity: String) -> JSONValue {
        [
            "id": .string(id),
            "downloadUrl": .string("https://hire.lever.co/candidates/\(opportunity)/files/\(id)/download"),
            "ext": .string(dottedExtension),
            "name": .string(name),
            "uploadedAt": .string(String(uploadedAt)),
            "status": .string(status),
            "size": .string(String(bytes.size)),
        ]
    }

    /// In résumé objects the extension has no dot, and time and size are numbers.
    func resumeJSON(opportunity: String) -> JSONValue {
        [
            "id": .string(id),
            "createdAt": .integer(uploadedAt),
            "file": [
                "name": .string(name),
                "ext": .string(String(dottedExtension.dropFirst())),
                "downloadUrl": .string("https://hire.lever.co/candidates/\(opportunity)/resumes/\(id)/download"),
                "uploadedAt": .integer(uploadedAt),
                "status": .string(status),
                "size": .integer(bytes.size),
            ],
            "parsedData": ["positions": [], "schools": []],
        ]
    }

    /// For `GET /_sandbox/state`.
    var stateJSON: JSONValue {
        [
            "id": .string(id), "name": .string(name), "type": .text(contentType),
            "size": .integer(bytes.size), "sha256": .string(sha256), "uploaded_at": .integer(uploadedAt),
        ]
    }
}

struct LeverUser: Sendable {
    var id: String
    var name: String
    var email: String
    var deactivatedAt: Int64?

    var json: JSONValue {
        [
            "id": .string(id), "name": .string(name),
            "username": .text(email.split(separator: "@").first.map(String.init)), "email": .string(email),
            "accessRole": "super admin", "photo": nil, "createdAt": .integer(LeverSeed.createdAt),
            "deactivatedAt": deactivatedAt.map { .integer($0) } ?? .null, "externalDirectoryId": nil,
            "linkedContactIds": [], "jobTitle": nil, "managerId": nil,
        ]
    }
}

struct LeverOpportunity: Sendable {
    var id: String
    var contact: String
    var name: String
    var headline = ""
    var stage = "lead-new"
    var location = ""
    var origin = "sourced"
    var emails: [String] = []
    var phones: [JSONValue] = []
    var links: [String] = []
    var tags: [String] = []
    var sources: [String] = []
    var owner: String
    var isConfidential = false
    var createdAt: Int64
    var files: [LeverDocument] = []
    var resumes: [LeverDocument] = []

    var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "contact": .string(contact), "headline": .string(headline),
            "stage": .string(stage), "confidentiality": .string(isConfidential ? "confidential" : "non-confidential"),
            "location": .string(location), "phones": .array(phones), "emails": .strings(emails),
            "links": .strings(links), "archived": nil, "tags": .strings(tags), "sources": .strings(sources),
            "stageChanges": [], "origin": .string(origin), "sourcedBy": .string(owner), "owner": .string(owner),
            "followers": [.string(owner)], "applications": [], "createdAt": .integer(createdAt),
            "updatedAt": .integer(createdAt), "lastInteractionAt": .integer(createdAt),
            "lastAdvancedAt": .integer(createdAt), "snoozedUntil": nil,
            "urls": [
                "list": "https://hire.lever.co/candidates",
                "show": .string("https://hire.lever.co/candidates/\(id)"),
            ],
            "isAnonymized": false, "dataProtection": nil, "opportunityLocation": "",
        ]
    }
}

extension JSONValue {
    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}
