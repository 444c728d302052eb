import JSON
import Unified

/// The error responses: one per status, each with the codes it can carry (docs/wire.md#errors).
enum OpenAPIResponses {
    enum Name: String, Sendable, CaseIterable {
        case badRequest = "BadRequest"
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case methodNotAllowed = "MethodNotAllowed"
        case tooSlow = "TooSlow"
        case conflict = "Conflict"
        case tooLarge = "TooLarge"
        case unsupportedMediaType = "UnsupportedMediaType"
        case unprocessable = "Unprocessable"
        case rateLimited = "RateLimited"
        case internalError = "InternalError"
        case badGateway = "BadGateway"
        case unavailable = "Unavailable"
        case timeout = "Timeout"
        case provider = "ProviderError"

        var status: String {
            switch self {
            case .badRequest: "400"
            case .unauthorized: "401"
            case .forbidden: "403"
            case .notFound: "404"
            case .methodNotAllowed: "405"
            case .tooSlow: "408"
            case .conflict: "409"
            case .tooLarge: "413"
            case .unsupportedMediaType: "415"
            case .unprocessable: "422"
            case .rateLimited: "429"
            case .internalError: "500"
            case .badGateway: "502"
            case .unavailable: "503"
            case .timeout: "504"
            case .provider: "default"
            }
        }

        var description: String {
            switch self {
            case .badRequest: "The request is wrong; nothing was sent to the provider."
            case .unauthorized: "The token is missing or not valid, or the provider refused the account's credentials."
            case .forbidden: "The token's scopes, or the provider's, do not allow the call."
            case .notFound: "There is no such thing in this environment, or the integration does not offer the method."
            case .methodNotAllowed: "The path has other methods: see `Allow`."
            case .tooSlow: "The request moved slower than the gateway waits for; nothing was stored."
            case .conflict: "The record changed meanwhile, or the provider has one like it."
            case .tooLarge: "The file or the body is over a limit, which the message states."
            case .unsupportedMediaType: "The body's or the file's type is not accepted."
            case .unprocessable: "The provider did not accept the values."
            case .rateLimited: "Too many calls: wait for `Retry-After` seconds."
            case .internalError: "The gateway failed, or cannot know whether the provider stored the file."
            case .badGateway: "The provider could not be reached or answered nothing usable."
            case .unavailable: "The account is blocked, or the provider, the database or the gateway is busy or down."
            case .timeout: "The provider did not answer in time."
            case .provider: "Any other status of the provider's, passed on with `truto_is_remote_error`."
            }
        }
    }

    /// Of every route behind a token.
    static let ofEveryCall: [Name] = [.badRequest, .unauthorized, .forbidden, .rateLimited, .internalError, .unavailable]

    static let shared = JSONObject(Name.allCases.map { (key: $0.rawValue, value: response($0)) })

    static let headers: JSONObject = [
        "RequestID": [
            "description": "The id under which the call is logged.", "schema": ["type": "string"],
        ],
        "RetryAfter": [
            "description": "Seconds to wait before the call is made again.",
            "schema": ["type": "integer", "minimum": 1],
        ],
        "RateLimitLimit": ["description": "Calls that the window allows.", "schema": ["type": "string"]],
        "RateLimitRemaining": ["description": "Calls left in the window.", "schema": ["type": "string"]],
        "RateLimitReset": ["description": "Seconds until the window ends.", "schema": ["type": "string"]],
    ]

    static let successHeaders: JSONValue = ["x-request-id": header("RequestID")]

    private static func header(_ name: String) -> JSONValue { ["$ref": .string("#/components/headers/\(name)")] }

    private static func response(_ name: Name) -> JSONValue {
        var headers: JSONObject = ["x-request-id": header("RequestID")]
        if name == .rateLimited || name == .unavailable {
            headers["retry-after"] = header("RetryAfter")
        }
        if name == .rateLimited {
            headers["ratelimit-limit"] = header("RateLimitLimit")
            headers["ratelimit-remaining"] = header("RateLimitRemaining")
            headers["ratelimit-reset"] = header("RateLimitReset")
        }
        let codes = APIError.Code.all.filter { String($0.status) == name.status }.map { "`\($0.name)`" }
        let suffix = codes.isEmpty ? "" : " Codes: \(codes.joined(separator: ", "))."
        return [
            "description": .string(name.description + suffix),
            "headers": .object(headers),
            "content": [
                "application/json": ["schema": .schema("Error")],
                "application/problem+json": ["schema": .schema("Problem")],
            ],
        ]
    }
}
