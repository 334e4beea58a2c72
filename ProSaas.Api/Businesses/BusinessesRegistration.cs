using System.Net;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;
using ProSaas.Data.Auditing;

namespace ProSaas.Api.Businesses;

internal static class BusinessesRegistration
{
    public static void AddBusinesses(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidator<BusinessListRequest, BusinessListRequest.Validator>();
        builder.Services.AddValidator<BusinessRequest, BusinessRequestValidator>();
        builder.Services.AddValidator<FaqEntryRequest, FaqEntryRequestValidator>();
        builder.Services.AddValidator<MemberRequest, MemberRequest.Validator>();
        builder.Services.AddValidator<RoleRequest, RoleRequest.Validator>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(provider =>
        {
            var account = provider.GetRequiredService<CurrentAccount>();
            return new AuditActor(account.Id, account.Email, ClientAddress(provider.GetRequiredService<IHttpContextAccessor>()));
        });
    }

    /// <summary>After the accounts: it needs who is logged in.</summary>
    public static void UseBusinesses(this WebApplication app) => app.UseMiddleware<BusinessAccessMiddleware>();

    public static void MapBusinesses(this WebApplication app)
    {
        var businesses = app.MapGroup("/api/businesses").WithTags("Businesses").KeepOutOfCaches();
        businesses.MapBusinessList();
        businesses.MapNewBusiness();

        var business = businesses.MapGroup("/{businessId:long:min(1)}");
        business.MapBusiness();
        business.MapFaq();
        business.MapMembers();
        business.MapAudit();
    }

    private static IPAddress? ClientAddress(IHttpContextAccessor http) =>
        http.HttpContext?.Connection.RemoteIpAddress is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;
}
