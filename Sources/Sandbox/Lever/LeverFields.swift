import JSON

/// The fields of a body, whether it came as JSON or as a form with `name[]` and `name[key]` notation.
struct LeverFields: Sendable {
    private let json: JSONValue?
    private let parts: [ReceivedPart]

    init(json: JSONValue) {
        self.json = json
        parts = []
    }

    init(parts: [ReceivedPart]) {
        json = nil
        self.parts = parts
    }

    func text(_ name: String) -> String? {
        if let json { return json[name]?.string }
        return parts.first { $0.name == name && $0.file == nil }?.text
    }

    func texts(_ name: String) -> [String] {
        if let json { return json[name]?.array?.compactMap(\.string) ?? [] }
        return parts.filter { ($0.name == "\(name)[]" || $0.name == name) && $0.file == nil }.map(\.text)
    }

    /// The first file of that name, with or without `[]`.
    func file(_ name: String) -> ReceivedPart? { files(name).first }

    func files(_ name: String) -> [ReceivedPart] {
        parts.filter { ($0.name == "\(name)[]" || $0.name == name) && $0.file != nil }
    }

    /// Phones are objects; a form gives each value as `phones[][value]`.
    var phones: [JSONValue] {
        if let json { return json["phones"]?.array ?? [] }
        return parts.filter { $0.name.hasPrefix("phones[") && $0.name.hasSuffix("[value]") }
            .map { ["type": nil, "value": .string($0.text)] }
    }
}

extension LeverCall {
    /// The body's fields; a form and JSON are taken alike.
    func receiveFields() async throws -> LeverFields {
        if exchange.isForm { return LeverFields(parts: try await receiveForm()) }
        try await receiveBody()
        do {
            let json = try JSONValue.parse(exchange.text)
            guard json.object != nil else { throw LeverError.invalid("The body must be an object") }
            return LeverFields(json: json)
        } catch let error as JSONError {
            throw LeverError.invalid("The body is not JSON: \(error)")
        }
    }

    /// A received file as a document; nil when it came without bytes or name.
    func document(_ part: ReceivedPart) -> LeverDocument? {
        guard let bytes = part.file, let name = part.head.filename, !name.isEmpty else { return nil }
        return LeverDocument(
            id: LeverStore.newID(), name: name, contentType: part.head.contentType, sha256: part.sha256,
            uploadedAt: now, bytes: bytes
        )
    }
}
