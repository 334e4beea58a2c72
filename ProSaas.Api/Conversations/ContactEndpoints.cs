using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Budgets;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

internal static class ContactEndpoints
{
    /// <summary>Of each statement that reads or removes all of a customer, who may have written for years.</summary>
    private static readonly TimeSpan WholeCustomerTimeout = TimeSpan.FromSeconds(30);

    public static void MapContacts(this RouteGroupBuilder business)
    {
        var contacts = business.MapGroup("/contacts");
        contacts.MapGet("/", ListAsync).RequireBusinessMember().WithReadingAudited("contacts.read")
            .WithValidation<PageRequest>().WithBudget(RequestKind.List)
            .WithExample(StatusCodes.Status200OK, new Page<ContactResponse>([ContactResponse.Example], NextCursor: null));
        contacts.MapGet("/{contactId:long}/export", ExportAsync).RequireBusinessOwner().WithBudget(RequestKind.Export)
            .WithExample(StatusCodes.Status200OK, CustomerExport.Example);
        contacts.MapDelete("/{contactId:long}", EraseAsync).RequireBusinessOwner();
    }

    /// <summary>The business's customers in order of their ids.</summary>
    private static async Task<Ok<Page<ContactResponse>>> ListAsync(
        long businessId,
        [FromQuery, Description("Only the one that a channel knows by exactly this: a telephone number in E.164 form, or a sender's key.")]
        string? customer,
        [AsParameters] PageRequest page,
        UnitOfWork unit,
        CancellationToken cancellationToken)
    {
        var after = page.After ?? 0;
        var contacts = await unit.ForBusinessAsync(businessId, (context, token) =>
        {
            var query = context.Contacts.AsNoTracking().Where(contact => contact.BusinessId == businessId && contact.Id > after);
            if (!string.IsNullOrEmpty(customer))
            {
                query = query.Where(contact => contact.ExternalId == customer);
            }

            return query.OrderBy(contact => contact.Id).Take(page.Rows).ToListAsync(token);
        }, cancellationToken);
        return TypedResults.Ok(page.ToPage(contacts, contact => contact.Id, ContactResponse.Of));
    }

    /// <summary>All that is kept of the customer, on every channel that knows them by the same number or key.</summary>
    private static Task<Results<Ok<CustomerExport>, ProblemHttpResult>> ExportAsync(
        long businessId, long contactId, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<CustomerExport>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            context.Database.SetCommandTimeout(WholeCustomerTimeout);
            var contacts = await OfCustomer(context, businessId, contactId)
                .AsNoTracking().OrderBy(contact => contact.Id).ToListAsync(token);
            if (contacts.Count == 0)
            {
                return Problems.NotFound("contact");
            }

            await context.AuditReadAsync(actor, businessId, "contact.exported", contactId, token);
            var byId = contacts.ToDictionary(contact => contact.Id);
            var conversations = await context.Conversations.AsNoTracking()
                .Where(conversation => conversation.BusinessId == businessId && byId.Keys.Contains(conversation.ContactId))
                .OrderBy(conversation => conversation.Id)
                .ToListAsync(token);
            var ids = conversations.ConvertAll(conversation => conversation.Id);
            var messages = (await context.Messages.AsNoTracking()
                .Where(message => message.BusinessId == businessId && ids.Contains(message.ConversationId))
                .OrderBy(message => message.Id)
                .ToListAsync(token)).ToLookup(message => message.ConversationId, MessageResponse.Of);
            var taken = (await context.OwnerMessages.AsNoTracking()
                .Where(message => message.BusinessId == businessId && ids.Contains(message.ConversationId))
                .OrderBy(message => message.Id)
                .ToListAsync(token)).ToLookup(message => message.ConversationId);
            return TypedResults.Ok(new CustomerExport(
                contacts[0].ExternalId,
                contacts.ConvertAll(ContactResponse.Of),
                conversations.ConvertAll(conversation =>
                {
                    var contact = byId[conversation.ContactId];
                    return new ExportedConversation(
                        ConversationResponse.Of(conversation, contact.ExternalId),
                        [.. messages[conversation.Id]],
                        [.. taken[conversation.Id].Select(message => OwnerMessageResponse.Of(message, contact))]);
                })));
        }, cancellationToken);

    /// <summary>
    /// Removes all of that, for good, and has the WhatsApp service forget it too. The audit says that it was done and by whom, and
    /// nothing of the customer.
    /// </summary>
    private static Task<Results<NoContent, ProblemHttpResult>> EraseAsync(
        long businessId, long contactId, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<NoContent, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            context.Database.SetCommandTimeout(WholeCustomerTimeout);
            var ids = await OfCustomer(context, businessId, contactId)
                .OrderBy(contact => contact.Id).Select(contact => contact.Id).ToListAsync(token);
            if (ids.Count == 0)
            {
                return Problems.NotFound("contact");
            }

            await CustomerTexts.EraseAtWhatsAppAsync(context, businessId, ids, token);
            foreach (var id in ids)
            {
                await context.Contacts.Where(contact => contact.BusinessId == businessId && contact.Id == id).ExecuteDeleteAsync(token);
                context.Audit(actor, businessId, "contact.erased", id);
            }

            await context.SaveChangesAsync(token);
            return TypedResults.NoContent();
        }, cancellationToken);

    private static IQueryable<Contact> OfCustomer(ProSaasDbContext context, long businessId, long contactId) =>
        from given in context.Contacts
        where given.BusinessId == businessId && given.Id == contactId
        from contact in context.Contacts
        where contact.BusinessId == businessId && contact.ExternalId == given.ExternalId
        select contact;
}
