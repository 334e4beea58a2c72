using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Budgets;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

internal static class ConversationEndpoints
{
    public static void MapConversations(this RouteGroupBuilder business)
    {
        var conversations = business.MapGroup("/conversations").RequireBusinessMember();
        conversations.MapGet("/", ListAsync).WithReadingAudited("conversations.read")
            .WithValidation<ConversationListRequest>().WithBudget(RequestKind.List)
            .WithExample(StatusCodes.Status200OK, new Page<ConversationResponse>([ConversationResponse.Example], "AAAAAAAAAts"));
        conversations.MapGet("/{conversationId:long}", GetAsync).WithReadingAudited("conversation.read")
            .WithValidation<PageRequest>().WithBudget(RequestKind.List)
            .WithExample(StatusCodes.Status200OK,
                new ConversationMessages(ConversationResponse.Example, new(MessageResponse.Examples, NextCursor: null)));
        conversations.MapPost("/{conversationId:long}/give-back", GiveBackAsync)
            .WithExample(StatusCodes.Status200OK, ConversationResponse.Example);

        business.MapGet("/owner-messages", ListOwnerMessagesAsync).RequireBusinessMember()
            .WithReadingAudited("owner_messages.read").WithValidation<PageRequest>()
            .WithBudget(RequestKind.List)
            .WithExample(StatusCodes.Status200OK, new Page<OwnerMessageResponse>([OwnerMessageResponse.Example], NextCursor: null));
    }

    /// <summary>The business's conversations, the latest begun first.</summary>
    private static async Task<Ok<Page<ConversationResponse>>> ListAsync(
        long businessId, [AsParameters] ConversationListRequest page, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var (before, only) = (page.After ?? long.MaxValue, page.OnlyChannel);
        var rows = await unit.ForBusinessAsync(businessId, (context, token) =>
            (from conversation in context.Conversations.AsNoTracking()
             where conversation.BusinessId == businessId && conversation.Id < before && (only == null || conversation.Channel == only)
             join contact in context.Contacts on new
             {
                 conversation.BusinessId,
                 Id = conversation.ContactId
             } equals new { contact.BusinessId, contact.Id }
             orderby conversation.Id descending
             select new { Conversation = conversation, contact.ExternalId }).Take(page.Rows).ToListAsync(token), cancellationToken);
        return TypedResults.Ok(
            page.ToPage(rows, row => row.Conversation.Id, row => ConversationResponse.Of(row.Conversation, row.ExternalId)));
    }

    /// <summary>One conversation with its messages, from the first on.</summary>
    private static async Task<Results<Ok<ConversationMessages>, ProblemHttpResult>> GetAsync(
        long businessId, long conversationId, [AsParameters] PageRequest page, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var after = page.After ?? 0;
        return await unit.ForBusinessAsync<Results<Ok<ConversationMessages>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await FindAsync(context, businessId, conversationId, token) is not { } conversation)
            {
                return Problems.NotFound("conversation");
            }

            var messages = await context.Messages.AsNoTracking()
                .Where(message => message.BusinessId == businessId && message.ConversationId == conversationId && message.Id > after)
                .OrderBy(message => message.Id)
                .Take(page.Rows)
                .ToListAsync(token);
            return TypedResults.Ok(
                new ConversationMessages(conversation, page.ToPage(messages, message => message.Id, MessageResponse.Of)));
        }, cancellationToken);
    }

    /// <summary>The agent answers again, from the customer's next message on.</summary>
    private static Task<Results<Ok<ConversationResponse>, ProblemHttpResult>> GiveBackAsync(
        long businessId, long conversationId, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<ConversationResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await LockAsync(context, businessId, conversationId, token) is not { } conversation)
            {
                return Problems.NotFound("conversation");
            }

            conversation.HandedOverAt = null;
            await context.SaveAuditedAsync(actor, token);
            return TypedResults.Ok((await FindAsync(context, businessId, conversationId, token))!);
        }, cancellationToken);

    /// <summary>What customers asked to tell the owner, the latest first.</summary>
    private static async Task<Ok<Page<OwnerMessageResponse>>> ListOwnerMessagesAsync(
        long businessId, [AsParameters] PageRequest page, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var before = page.After ?? long.MaxValue;
        var rows = await unit.ForBusinessAsync(businessId, (context, token) =>
            (from message in context.OwnerMessages.AsNoTracking()
             where message.BusinessId == businessId && message.Id < before
             join conversation in context.Conversations on new
             {
                 message.BusinessId,
                 Id = message.ConversationId
             } equals new { conversation.BusinessId, conversation.Id }
             join contact in context.Contacts on new
             {
                 conversation.BusinessId,
                 Id = conversation.ContactId
             } equals new { contact.BusinessId, contact.Id }
             orderby message.Id descending
             select new { Message = message, Contact = contact }).Take(page.Rows).ToListAsync(token), cancellationToken);
        return TypedResults.Ok(page.ToPage(rows, row => row.Message.Id, row => OwnerMessageResponse.Of(row.Message, row.Contact)));
    }

    private static async Task<ConversationResponse?> FindAsync(
        ProSaasDbContext context, long businessId, long conversationId, CancellationToken cancellationToken)
    {
        var row = await
            (from conversation in context.Conversations.AsNoTracking()
             where conversation.BusinessId == businessId && conversation.Id == conversationId
             join contact in context.Contacts on new
             {
                 conversation.BusinessId,
                 Id = conversation.ContactId
             } equals new { contact.BusinessId, contact.Id }
             select new { Conversation = conversation, contact.ExternalId }).SingleOrDefaultAsync(cancellationToken);
        return row is null ? null : ConversationResponse.Of(row.Conversation, row.ExternalId);
    }

    /// <summary>Locked, no turn changes it between the read and the change.</summary>
    private static Task<Conversation?> LockAsync(
        ProSaasDbContext context, long businessId, long conversationId, CancellationToken cancellationToken) =>
        context.Conversations.FromSql(
            $"SELECT * FROM conversations WHERE business_id = {businessId} AND id = {conversationId} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
}
