using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// The source and meter of the agents. Names of spans, tags and metrics are those of OpenTelemetry's conventions for generative
/// AI where they have one; calls of the model and its tools are recorded by the chat pipeline under the same name.
/// </summary>
internal sealed class AgentTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "ProSaas.Agents";

    private readonly ActivitySource _source = new(Name);
    private readonly Histogram<double> _duration;

    public AgentTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram(
            "prosaas.agent.reply.duration",
            "s",
            "How long a reply took its agent, tools and provider included.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
    }

    public void Dispose() => _source.Dispose();

    public static string AgentId(long business, AgentChannel channel) => $"{business}:{EnumNames.Of(channel)}";

    public Activity? StartReply(ReplyDraft draft)
    {
        var span = _source.StartActivity($"invoke_agent {EnumNames.Of(draft.Channel)}");
        span?.SetTag("gen_ai.operation.name", "invoke_agent");
        span?.SetTag("gen_ai.agent.id", AgentId(draft.Business.Id, draft.Channel));
        span?.SetTag("gen_ai.agent.name", EnumNames.Of(draft.Channel));
        span?.SetTag("gen_ai.conversation.id", draft.ConversationId);
        span?.SetTag("prosaas.business.id", draft.Business.Id);
        span?.SetTag("prosaas.agent.version", draft.Business.Version);
        return span;
    }

    public void EndReply(Activity? span, ReplyDraft draft, TimeSpan duration, Exception? failure)
    {
        span?.SetTag("prosaas.agent.answerer", draft.Answerer);
        span?.SetTag("prosaas.agent.fallback", draft.FallbackReason is not null);
        if (draft.FallbackReason is { } reason)
        {
            span?.SetTag("prosaas.agent.fallback.reason", reason);
        }

        if (failure is not null)
        {
            span?.SetTag("error.type", failure.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error);
        }

        _duration.Record(
            duration.TotalSeconds,
            new TagList
            {
                { "prosaas.channel", EnumNames.Of(draft.Channel) },
                { "prosaas.agent.answerer", draft.Answerer },
                { "prosaas.agent.fallback", draft.FallbackReason is not null },
                { "error.type", failure?.GetType().FullName },
            });
    }
}
