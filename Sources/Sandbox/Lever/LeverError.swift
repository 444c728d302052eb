import HTTPTypes
import Hummingbird
import JSON

/// An error as Lever prints it: `{"code", "message"}`.
///
/// `ResourceNotFound` and `RequestTimeout` are known codes; the others follow the same manner.
struct LeverError: HTTPResponseError {
    let status: HTTPResponse.Status
    let code: String
    let message: String

    static func missing(_ name: String) -> Self {
        Self(status: .badRequest, code: "MissingParameter", message: "\(name) is required")
    }

    static func invalid(_ message: String) -> Self {
        Self(status: .badRequest, code: "InvalidArgument", message: message)
    }

    static func notFound(_ message: String) -> Self {
        Self(status: .notFound, code: "ResourceNotFound", message: message)
    }

    static let unauthorized = Self(
        status: .unauthorized, code: "Unauthorized", message: "Missing or invalid credentials"
    )

    static func forbidden(_ permission: String) -> Self {
        Self(
            status: .forbidden, code: "Forbidden",
            message: "These credentials do not have the permission \(permission)"
        )
    }

    static let tooMany = Self(status: .tooManyRequests, code: "TooManyRequests", message: "Rate limit exceeded")

    static func tooLarge(_ limit: Int) -> Self {
        Self(
            status: .contentTooLarge, code: "RequestEntityTooLarge",
            message: "The request is larger than \(limit) bytes"
        )
    }

    static let unprocessable = Self(
        status: .unprocessableContent, code: "UnprocessableEntity", message: "The file could not be processed"
    )

    func response(from request: Request, context: some RequestContext) throws -> Response {
        .json(["code": .string(code), "message": .string(message)], status: status, headers: Lever.headers)
    }
}

/// Gives paths that nobody answers Lever's error body.
struct LeverNotFoundMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: SandboxContext, next: (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            throw LeverError.notFound("\(request.uri.path) does not exist")
        }
    }
}
