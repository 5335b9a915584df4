"""The rollout of simulate_model.h as somebody would write it with simpy: databases and instances are
resources, the cap of the rollout is one that lets the first in plan order in, stages are barriers.

  simpy_model.py FILE   the first line is "PARALLEL INSTANCES CONNECTIONS DATABASES", then come lines of
                        "STAGE DATABASE INSTANCE MILLISECONDS", one a task, in plan order

Prints the makespan in milliseconds, the number of starts and ends, and the seconds of processor time.
"""

import bisect
import sys
import time

import simpy


class InPlanOrder(list):
    """simpy's own queue sorts all of itself with every request: that takes ten times as long."""

    def append(self, request):
        bisect.insort(self, request, key=lambda waiting: waiting.key)


class Places(simpy.PriorityResource):
    PutQueue = InPlanOrder


def run(parallel, instances, connections, databases, stages):
    env = simpy.Environment()
    database = [simpy.Resource(env) for _ in range(databases)]
    instance = [simpy.Resource(env, connections) for _ in range(instances)]
    places = Places(env, parallel)

    def task(number, on_database, on_instance, milliseconds):
        with database[on_database].request() as turn:
            yield turn
            with instance[on_instance].request() as connection:
                yield connection
                with places.request(number) as place:
                    yield place
                    yield env.timeout(milliseconds)

    def rollout():
        for stage in stages:
            yield simpy.AllOf(env, [env.process(task(*work)) for work in stage])

    env.run(env.process(rollout()))
    return env.now


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        parallel, instances, connections, databases = map(int, file.readline().split())
        stages = {}
        tasks = 0
        for line in file:
            stage, *work = map(int, line.split())
            stages.setdefault(stage, []).append((tasks, *work))
            tasks += 1
    start = time.process_time()
    makespan = run(parallel, instances, connections, databases, list(stages.values()))
    print(makespan, 2 * tasks, time.process_time() - start)


main()
