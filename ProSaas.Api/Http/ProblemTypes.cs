namespace ProSaas.Api.Http;

/// <summary>All problems that the API answers with. A type has one status, wherever it comes from.</summary>
internal static class ProblemTypes
{
    // The request itself
    public static readonly ProblemType Validation = new(400, "validation", "The request is not valid");
    public static readonly ProblemType MalformedJson = new(400, "malformed-json", "The body is malformed");
    public static readonly ProblemType MalformedRequest = new(400, "malformed-request", "The request cannot be read");
    public static readonly ProblemType NotFound = new(404, "not-found", "Not found");
    public static readonly ProblemType NoSuchPath = new(404, "no-such-path", "No such path");
    public static readonly ProblemType MethodNotAllowed = new(405, "method-not-allowed", "Method not allowed");
    public static readonly ProblemType ChangedMeanwhile = new(412, "changed-meanwhile", "Changed meanwhile");
    public static readonly ProblemType BodyTooLarge = new(413, "body-too-large", "The body is too large");
    public static readonly ProblemType NotJson = new(415, "not-json", "The body is not JSON");
    public static readonly ProblemType IfMatchRequired = new(428, "if-match-required", "If-Match is required");
    public static readonly ProblemType InternalError = new(500, "internal-error", "Internal error");

    // The service as a whole
    public static readonly ProblemType Starting = new(503, "starting", "Service unavailable");
    public static readonly ProblemType SchemaChanged = new(503, "schema-changed", "Service unavailable");
    public static readonly ProblemType DatabaseUnavailable = new(503, "database-unavailable", "Service unavailable");
    public static readonly ProblemType OutcomeUnknown = new(503, "outcome-unknown", "Service unavailable");

    // Accounts
    public static readonly ProblemType Antiforgery = new(400, "antiforgery", "Antiforgery token missing or wrong");
    public static readonly ProblemType NotAuthenticated = new(401, "not-authenticated", "Not logged in");
    public static readonly ProblemType SessionEnded = new(401, "session-ended", "Session ended");
    public static readonly ProblemType InvalidCredentials = new(401, "invalid-credentials", "Login failed");
    public static readonly ProblemType InvalidRefreshToken = new(401, "invalid-refresh-token", "Refresh token not valid");
    public static readonly ProblemType NotAllowed = new(403, "not-allowed", "Not allowed");
    public static readonly ProblemType AccountDisabled = new(403, "account-disabled", "Account disabled");
    public static readonly ProblemType InvalidSetupCode = new(403, "invalid-setup-code", "Set-up code not valid");
    public static readonly ProblemType EmailTaken = new(409, "email-taken", "E-mail address taken");
    public static readonly ProblemType OwnAccount = new(409, "own-account", "Own account");
    public static readonly ProblemType LastAdministrator = new(409, "last-administrator", "The last administrator cannot be disabled");
    public static readonly ProblemType TooManyAttempts = new(429, "too-many-attempts", "Too many attempts");
    public static readonly ProblemType TooManyRequests = new(429, "too-many-requests", "Too many requests");
    public static readonly ProblemType TooBusy = new(429, "too-busy", "Too many logins at once");

    // Businesses
    public static readonly ProblemType OwnersOnly = new(403, "owners-only", "For owners only");
    public static readonly ProblemType FaqFull = new(409, "faq-full", "The FAQ is full");
    public static readonly ProblemType AlreadyMember = new(409, "already-member", "Already a member");
    public static readonly ProblemType LastOwner = new(409, "last-owner", "The last owner cannot be removed");
    public static readonly ProblemType NumberTaken = new(409, "number-taken", "The number is taken");

    // Agents
    public static readonly ProblemType ChannelDisabled = new(409, "channel-disabled", "The channel is switched off");
    public static readonly ProblemType BusinessInactive = new(409, "business-inactive", "The business is not active");
    public static readonly ProblemType ConversationBusy = new(409, "conversation-busy", "The conversation is busy");
    public static readonly ProblemType IdempotencyKeyReused = new(422, "idempotency-key-reused", "The Idempotency-Key was used before");
    public static readonly ProblemType AnswerInterrupted = new(502, "answer-interrupted", "The answer broke off");
    public static readonly ProblemType AnswerOvertaken = new(503, "answer-overtaken", "The answer came too late");

    // Speech
    public static readonly ProblemType SpeechRefused = new(422, "speech-refused", "The provider refused the text");
    public static readonly ProblemType SpeechQuotaSpent = new(429, "speech-quota-spent", "The daily speech quota is spent");
    public static readonly ProblemType NoSpeechProvider = new(503, "no-speech-provider", "There is no speech provider");
    public static readonly ProblemType SpeechFormatUnavailable = new(503, "speech-format-unavailable", "The format is not available here");
    public static readonly ProblemType SpeechUnavailable = new(503, "speech-unavailable", "The provider gave no audio");

    // WhatsApp
    public static readonly ProblemType NoQrCode = new(409, "no-qr-code", "There is no QR code");
    public static readonly ProblemType WhatsAppNotConfigured = new(503, "whatsapp-not-configured", "WhatsApp is not set up");
    public static readonly ProblemType WhatsAppUnavailable = new(503, "whatsapp-unavailable", "The WhatsApp service does not answer");
}
