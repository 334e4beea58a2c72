using System.Net;

namespace ProSaas.Data.Auditing;

/// <summary>Who changes something, and from where.</summary>
/// <param name="AccountId">Key of the account.</param>
/// <param name="AccountEmail">Its address at the time.</param>
/// <param name="ClientAddress">The client's address; null when it is not known.</param>
public sealed record AuditActor(long AccountId, string AccountEmail, IPAddress? ClientAddress);
