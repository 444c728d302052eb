import JSON
import Multipart

extension APIError {
    /// What a form that cannot be read is answered with.
    ///
    /// - Parameter isJSON: whether the body was read as JSON, where its end decides between two codes.
    init(_ error: FormError, isJSON: Bool) {
        let code: Code =
            switch error.code {
            case .truncated where isJSON: .invalidJSON
            case .notJSON: .invalidJSON
            case .notAnObject: .invalidBody
            case .undecodableFile, .invalidBase64: .invalidFile
            case .duplicateFile: .tooManyFiles
            case .tooLarge: .bodyTooLarge
            case .tooMany, .tooDeep: .invalidBody
            default: .invalidMultipart
            }
        let sentence = error.message.prefix(1).uppercased() + error.message.dropFirst()
        self.init(code, sentence, param: error.part)
        if code == .invalidFile {
            hint = "Send file as base64 (standard or URL-safe) or as a data: URI, or send multipart/form-data"
        }
    }

    static func fileTooLarge(limit: Int64) -> APIError {
        APIError(.fileTooLarge, "The file is larger than the limit of \(limit) bytes", param: "file")
    }

    /// The gateway has no room for another call of this size.
    public static var overloaded: APIError {
        APIError(.overloaded, "The gateway is at its limit of bytes on their way; try again shortly")
            .header("retry-after", "1")
    }

    static var missingFile: APIError {
        APIError(
            .missingFile, "There is no file", param: "file",
            hint: "Send it as the part file of a multipart/form-data body, as base64 in JSON, or as the body itself"
        ).insight("missing_required_body_fields", "Body fields that the call needs", ["file"])
    }
}
