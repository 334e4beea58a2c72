using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using ProSaas.Api.Startup;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>Keeps the keys of data protection in the database: replicas share them, and a restart ends no session.</summary>
internal sealed class KeyRepository(SchemaGateState gate, IServiceScopeFactory scopes) : IXmlRepository
{
    private const string Purpose = "data-protection keys";

    public IReadOnlyCollection<XElement> GetAllElements() => InUnitOfWork(context =>
        context.DataProtectionKeys.OrderBy(key => key.Id).Select(key => key.Xml).ToList()).ConvertAll(XElement.Parse);

    public void StoreElement(XElement element, string friendlyName) => InUnitOfWork(context =>
    {
        context.DataProtectionKeys.Add(
            new DataProtectionKey { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        return context.SaveChanges();
    });

    private T InUnitOfWork<T>(Func<ProSaasDbContext, T> work)
    {
        if (!gate.IsOpen)
        {
            throw new InvalidOperationException("The schema gate is shut: the table of the keys may not be there yet.");
        }

        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<UnitOfWork>().AsSystem(Purpose, work);
    }
}
