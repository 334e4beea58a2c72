using System.ComponentModel;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>Which of a business's conversations are listed.</summary>
internal sealed class ConversationListRequest : PageRequest
{
    [FromQuery(Name = "channel"), Description("Both when it is not given.")]
    public string? Channel { get; init; }

    /// <summary>Null for both.</summary>
    internal AgentChannel? OnlyChannel => EnumNames.Find<AgentChannel>(Channel);

    internal sealed class Validator : Validator<ConversationListRequest>
    {
        public Validator() => RuleFor(request => request.Channel)
            .Must((request, channel) => string.IsNullOrEmpty(channel) || request.OnlyChannel is not null)
            .WithMessage(EnumNames.Fault<AgentChannel>());
    }
}
