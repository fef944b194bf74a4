"""The files that command lines name: those of files/, and JMeter plans, which are written from a few words."""
import os
import re
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))


def write_all(work, setup):
    for name in os.listdir(HERE + '/files'):
        shutil.copy('%s/files/%s' % (HERE, name), work)
    if 'jmx' in setup:
        words = dict(word.split('=', 1) for word in re.split(r',(?=\w+=)', setup['jmx']))
        with open(work + '/plan.jmx', 'w') as file:
            file.write(jmeter_plan(words))


def prop(kind, name, value):
    return '<%sProp name="%s">%s</%sProp>' % (kind, name, value, kind)


def sampler(words, path, keep):
    wanted = [prop('string', 'HTTPSampler.domain', '127.0.0.1'), prop('string', 'HTTPSampler.port', words['port']),
              prop('string', 'HTTPSampler.protocol', 'http'), prop('string', 'HTTPSampler.path', path),
              prop('string', 'HTTPSampler.method', 'GET'), prop('bool', 'HTTPSampler.use_keepalive', keep),
              prop('bool', 'HTTPSampler.follow_redirects', 'true')]
    if words['implementation']:
        wanted.append(prop('string', 'HTTPSampler.implementation', words['implementation']))
    if words['parallel']:
        wanted += [prop('bool', 'HTTPSampler.image_parser', 'true'), prop('bool', 'HTTPSampler.concurrentDwn', 'true'),
                   prop('string', 'HTTPSampler.concurrentPool', words['parallel'])]
    return ('<HTTPSamplerProxy guiclass="HttpTestSampleGui" testclass="HTTPSamplerProxy" testname="GET %s">'
            '<elementProp name="HTTPsampler.Arguments" elementType="Arguments"><collectionProp name="Arguments.arguments"/>'
            '</elementProp>%s</HTTPSamplerProxy><hashTree/>' % (path, ''.join(wanted)))


def header():
    return ('<HeaderManager guiclass="HeaderPanel" testclass="HeaderManager" testname="headers"><collectionProp '
            'name="HeaderManager.headers"><elementProp name="" elementType="Header">%s%s</elementProp></collectionProp>'
            '</HeaderManager><hashTree/>' % (prop('string', 'Header.name', 'Connection'), prop('string', 'Header.value', 'close')))


def timer(delay_ms):
    return ('<ConstantTimer guiclass="ConstantTimerGui" testclass="ConstantTimer" testname="pause">%s</ConstantTimer><hashTree/>'
            % prop('string', 'ConstantTimer.delay', delay_ms))


def group(words, threads):
    loop = ('<elementProp name="ThreadGroup.main_controller" elementType="LoopController">%s%s</elementProp>'
            % (prop('bool', 'LoopController.continue_forever', 'false'), prop('string', 'LoopController.loops', words['loops'])))
    return ('<ThreadGroup guiclass="ThreadGroupGui" testclass="ThreadGroup" testname="users">%s%s%s%s%s%s%s%s</ThreadGroup>' % (
        loop, prop('string', 'ThreadGroup.on_sample_error', 'continue'), prop('string', 'ThreadGroup.num_threads', threads),
        prop('string', 'ThreadGroup.ramp_time', words['ramp']), prop('bool', 'ThreadGroup.scheduler', 'true'),
        prop('string', 'ThreadGroup.duration', words['duration']), prop('string', 'ThreadGroup.delay', words['delay']),
        prop('bool', 'ThreadGroup.same_user_on_next_iteration', words['same'])))


def jmeter_plan(given):
    """threads=20+10 are two groups; see the defaults for the rest."""
    words = {'threads': '10', 'ramp': '0', 'duration': '4', 'delay': '0', 'loops': '-1', 'same': 'true', 'port': '8080',
             'path': '/', 'keep': 'true', 'header': '', 'implementation': '', 'parallel': '', 'pause': '100', 'serial': 'false'}
    words.update(given)
    inside = timer(words['pause']) if words['pause'] != '0' else ''
    inside += header() if words['header'] else ''
    inside += sampler(words, words['path'], words['keep'])
    groups = ''.join('%s<hashTree>%s</hashTree>' % (group(words, n), inside) for n in words['threads'].split('+'))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<jmeterTestPlan version="1.2" properties="5.0" jmeter="5.6.3"><hashTree>'
            '<TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="plan">%s</TestPlan><hashTree>%s</hashTree>'
            '</hashTree></jmeterTestPlan>\n' % (prop('bool', 'TestPlan.serialize_threadgroups', words['serial']), groups))
