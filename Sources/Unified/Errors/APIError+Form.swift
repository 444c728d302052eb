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
            case .notAnObject, .ambiguousText: .invalidBody
            case .undecodableFile, .invalidBase64, .standInForFile, .addressInFile: .invalidFile
            case .duplicateFile: .tooManyFiles
            case .notAForm: .unsupportedMediaType
            case .tooLarge: .bodyTooLarge
            case .tooMany, .tooDeep: isJSON ? .invalidJSON : .invalidMultipart
            default: .invalidMultipart
            }
        let sentence = error.message.prefix(1).uppercased() + error.message.dropFirst()
        self.init(code, sentence, param: error.part, hint: Self.hint(error.code, isJSON: isJSON))
    }

    /// What to do about a body that cannot be read.
    private static func hint(_ code: FormError.Code, isJSON: Bool) -> String {
        switch code {
        case .invalidBoundary, .boundaryNotFound:
            "Let the HTTP library set Content-Type: it must name the boundary that the body uses"
        case .malformedBoundaryLine, .bareLineBreak, .malformedHead:
            "Let a library build the form; lines of its parts end in CRLF"
        case .unreadableName: "Write a quote in a file name as %22, or the name as filename*=UTF-8''…"
        case .unnamedPart: "Give each part Content-Disposition: form-data; name=\"…\""
        case .notAForm: "Send multipart/form-data"
        case .transferEncoding: "Send the bytes of a part as they are, without Content-Transfer-Encoding"
        case .truncated where isJSON: "Send the whole document, and the Content-Length of all of it"
        case .truncated: "Send the whole form, with its closing boundary"
        case .notJSON, .notAnObject: "Send one JSON object in UTF-8: {\"file\": \"…\", \"file_name\": \"cv.pdf\"}"
        case .ambiguousText: "Send JSON as application/json; name a file with file_name in the query or Content-Disposition"
        case .undecodableFile, .invalidBase64:
            "Send file as base64 (standard or URL-safe) or as a data: URI, or send multipart/form-data"
        case .standInForFile: "The client sent no bytes: give it the file's content, and send multipart/form-data"
        case .addressInFile: "Send the address as file_url in place of file"
        case .duplicateFile: "Send one call for each file"
        case .tooMany, .tooDeep: "Send the file and the fields of the call, and nothing else"
        default: "Send less; the message states the limit"
        }
    }

    static func fileTooLarge(limit: Int64, param: String = "file") -> APIError {
        APIError(.fileTooLarge, "The file is larger than the limit of \(limit) bytes", param: param)
    }

    /// The file fits, and the body that carries it does not: base64 is a third longer than its file.
    static func bodyTooLargeForProvider(limit: Int64) -> APIError {
        APIError(
            .fileTooLarge, "With this file the request would be larger than the provider's limit of \(limit) bytes",
            param: "file")
    }

    /// The gateway has no room for another call of this size.
    package static var overloaded: APIError {
        APIError(.overloaded, "The gateway is at its limit of bytes on their way; try again shortly")
            .header("retry-after", "1")
    }

    static var missingFile: APIError {
        APIError(
            .missingFile, "There is no file", param: "file",
            hint: "Send it as the part file of a multipart/form-data body, as base64 in JSON, or as the body itself"
        ).insight("missing_required_body_fields", "Body fields that the call needs", ["file"])
    }

    /// The call takes no files.
    static func fileNotTaken(_ param: String) -> APIError {
        APIError(
            .fileNotTaken, "This call takes no files", param: param,
            hint: "Send files with POST /unified/ats/attachments, or together with an application: POST /unified/ats/applications")
    }

    /// A file came in a part that is not for files.
    static func misplacedFile(_ part: String) -> APIError {
        APIError(
            .missingFile, "There is no part file; a file came in the part \(part)", param: part,
            hint: "Send the file in the part file"
        ).insight("missing_required_body_fields", "Body fields that the call needs", ["file"])
    }
}
