using ProSaas.Api.Http;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Businesses;

/// <summary>A member to add, by the address of an account.</summary>
internal sealed record MemberRequest(string? Email, BusinessRole? Role)
{
    internal sealed class Validator : RequestValidator<MemberRequest>
    {
        private const int MaxEmail = 254;

        public Validator()
        {
            RuleFor(request => request.Email).RequiredText(MaxEmail);
            RuleFor(request => request.Role).RequiredName();
        }
    }
}

/// <summary>What a member is from now on.</summary>
internal sealed record RoleRequest(BusinessRole? Role)
{
    internal sealed class Validator : RequestValidator<RoleRequest>
    {
        public Validator() => RuleFor(request => request.Role).RequiredName();
    }
}

/// <summary>A member of a business.</summary>
/// <param name="Name">The name; null when it is not known.</param>
internal sealed record MemberResponse(long AccountId, string Email, string? Name, BusinessRole Role);
