// The OTLP receiver of the OpenTelemetry Collector, and nothing behind it: what it has understood goes to standard output, a line of OTLP
// JSON for each request. It listens until its standard input ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	metrics "go.opentelemetry.io/otel/metric/noop"
	traces "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

var (
	listen    = flag.String("listen", "127.0.0.1:4318", "address of OTLP/HTTP")
	encodings = flag.String("encodings", "", "content encodings to take, separated by commas; all that it knows unless given")
	refusals  = flag.Int("refusals", 0, "how many requests the pipeline refuses")
	permanent = flag.Bool("permanent", false, "refuse for good, rather than for now")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	config.Protocols.GRPC = configoptional.None[configgrpc.ServerConfig]()
	http := config.Protocols.HTTP.GetOrInsertDefault()
	http.ServerConfig.NetAddr.Endpoint = *listen
	if *encodings != "" {
		http.ServerConfig.CompressionAlgorithms = strings.Split(*encodings, ",")
	}
	written, err := consumer.NewTraces((&writer{}).consume)
	if err != nil {
		return err
	}
	settings := receiver.Settings{
		ID: component.NewID(factory.Type()),
		TelemetrySettings: component.TelemetrySettings{
			Logger:         zap.NewNop(),
			TracerProvider: traces.NewTracerProvider(),
			MeterProvider:  metrics.NewMeterProvider(),
			Resource:       pcommon.NewResource(),
		},
		BuildInfo: component.NewDefaultBuildInfo(),
	}
	otlp, err := factory.CreateTraces(ctx, settings, config, written)
	if err != nil {
		return err
	}
	if err := otlp.Start(ctx, host{}); err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return otlp.Shutdown(ctx)
}

// host has no extensions.
type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

// writer is the pipeline behind the receiver.
type writer struct {
	lock sync.Mutex
	seen int
}

func (w *writer) consume(_ context.Context, traces ptrace.Traces) error {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.seen++
	if w.seen <= *refusals {
		if *permanent {
			return consumererror.NewPermanent(errors.New("the pipeline does not want it"))
		}
		return errors.New("the pipeline is full")
	}
	line, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
	if err == nil {
		_, err = os.Stdout.Write(append(line, '\n'))
	}
	return err
}
